"""Every type of page, by who opens it: path without the language, with the names that `world` gives to references."""

from itertools import chain

MISSING = "nowhere/"
PUBLIC = [
    "",
    "how-it-works/",
    "about/",
    "policies/",
    *(f"policies/{document}/" for document in ("privacy", "gdpr", "cookies", "security", "terms", "site-policy")),
    "policies/site-policy/1/",
    "policies/site-policy/1/2/",
    "cookie-settings/",
    "privacy/record-of-processing/",
    "privacy/file-register/",
    "receipts/verify/",
    "receipts/keys/",
    "stop/{link}/",
    "accessibility/",
    "contact/",
    "account/login/",
    "account/signup/",
    "account/login/code/",
    "account/password/reset/",
    "registration/",
    "registration/domestic/",
    "registration/overseas/",
    "registration/age/",
    "registration/age/under-16/",
    "inquiries/",
    "inquiries/child/",
    "inquiries/00000000-0000-0000-0000-000000000000/sent/",
    "mailbox/",
    MISSING,
]
ACCOUNT = [
    "person/",
    "privacy-centre/",
    "privacy-centre/held/",
    "privacy-centre/history/",
    "privacy-centre/seen/",
    "privacy-centre/why/newsletter/",
    "privacy-centre/why/operator_networking/",
    "privacy-centre/closing/",
    "privacy-centre/requests/new/",
    "account/email/",
    "account/password/change/",
    "account/reauthenticate/",
    "account/2fa/",
    "account/2fa/totp/activate/",
    "account/2fa/webauthn/",
    "account/2fa/webauthn/add/",
    "account/2fa/recovery-codes/generate/",
    "account/sessions/",
]
APPLICANT = [
    "my-page/",
    "partners/",
    "registration/{registration}/",
    "registration/{registration}/business/",
    "registration/{registration}/tokyo-office/",
    "registration/{registration}/licences/",
    "registration/{registration}/contact/",
    "registration/{registration}/check/",
    "registration/{registration}/status/",
    "invitations/accept/",
    "join-requests/new/",
]
MEMBER = [
    "my-page/",
    "organisations/{operator}/",
    "organisations/{operator}/members/",
    "members/{colleague}/make-owner/",
    "members/{colleague}/remove/",
    "registration/{approved}/status/",
    "registration/{approved}/sent/",
    "registration/{change}/business/",
    "registration/{change}/check/",
    "partners/",
    "partners/?q=tour",
    "partners/?page=2",
    "partners/?q=qqqqq",
    "partners/saved/",
    "partners/saved/compare/?listing={listing}",
    "partners/saved/compare/",
    "partners/{listing}/",
    "partners/{listing}/print/",
    "partners/mine/{draft}/",
    "partners/mine/{draft}/texts/",
    "partners/mine/{draft}/areas/",
    "partners/mine/{draft}/offer/",
    "partners/mine/{draft}/contact/",
    "partners/mine/{draft}/photos/",
    "partners/mine/{draft}/photos/{photo}/",
    "partners/mine/{draft}/photos/{photo}/remove/",
    "partners/mine/{draft}/preview/",
    "partners/mine/{draft}/unpublish/",
    "introductions/",
    "introductions/?box=sent",
    "introductions/to/{listing}/",
    "introductions/{introduction}/",
    "introductions/{introduction}/report/",
]
DOMESTIC = [*MEMBER, "partners/mine/{draft}/categories/", "partners/mine/{draft}/terms/", *ACCOUNT]
OVERSEAS = [*MEMBER, "partners/mine/{draft}/wanted/"]
STAFF = [
    "partners/",
    "admin/",
    *chain.from_iterable(
        (f"admin/{model}/", f"admin/{model}/{{{model.partition('/')[2]}}}/change/")
        for model in (
            "accounts/domesticregistration",
            "accounts/overseasregistration",
            "accounts/operator",
            "accounts/user",
            "inquiries/inquiry",
            "inquiries/childcase",
            "inquiries/answertemplate",
            "networking/introduction",
            "outbox/message",
            "privacy/auditevent",
            "privacy/policyversion",
            "privacy/request",
            "privacy/ledgerevent",
            "privacy/usagecount",
        )
    ),
    "admin/privacy/policyversion/add/",
    *(f"admin/privacy/policyversion/{{policyversion}}/decide/{act}/" for act in ("write", "check", "discard")),
    *(
        f"admin/accounts/{kind}registration/{{{kind}registration}}/decide/{act}/"
        for kind in ("domestic", "overseas")
        for act in ("approve", "ask", "decline")
    ),
]
# Who opens them: the address of a person of `world`.
BY = {
    "": PUBLIC,
    "applicant@demo.example": APPLICANT,
    "tokyo@demo.example": DOMESTIC,
    "paris@demo.example": OVERSEAS,
    "staff@city.example": STAFF,
}

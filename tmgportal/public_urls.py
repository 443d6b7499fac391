"""The pages for everybody. Whatever is not named here asks for a log-in."""

PAGES = {
    "home",
    "how-it-works",
    "about",
    "accessibility",
    "contact",
    "privacy:policy-list",
    "privacy:policy",
    "privacy:policy-version",
    "privacy:policy-difference",
    "privacy:cookie-settings",
    "privacy:record-of-processing",
    "privacy:file-register",
    "privacy:procedure",
    "privacy:recipient-list",
    "privacy:receipt-keys",
}
FILES = {"robots", "sitemap", "security-txt", "gpc", "ledger-key", "allowed-signers", "favicon", "privacy:policy-feed"}
# Where the policies stood before they had versions.
FORMER = {"former-privacy", "former-terms", "former-cookies", "former-site-policy"}
# Registering and logging in: who is not logged in yet must reach these.
ENTRANCE = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_confirm_password_reset_code",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "mfa_authenticate",
    "mfa_trust",
    "mfa_login_webauthn",
    "accounts:registration-start",
    "accounts:registration-begin",
    "accounts:age",
    "accounts:under-age",
}
# Writing to the secretariat, and speaking for a child: without a log-in (R100, R112).
INQUIRIES = {
    "inquiries:inquiry-create",
    "inquiries:inquiry-confirm",
    "inquiries:inquiry-sent",
    "inquiries:child-report",
}
# Proving a decision, and ending mail by the link in it: also for those who have no account any more.
PROOF = {"privacy:receipt-verify", "privacy:withdrawal"}
# Answering for one's request, or for whom may make it, by the link in a mail (R091, R099).
ANSWERS = {"privacy:paper-by-link", "privacy:mandate-by-link"}
# Asking about one's own data, and the page of such a request: by a code and a signed link (R100).
ASKING = {"privacy:ask", "privacy:ask-code", "privacy:asked"}
# How copies of data are written, for whoever reads one (R097).
SCHEMAS = {"privacy:portability-schema"}
# Counts of everybody, with the tables as files (R156).
STATISTICS = {"statistics:newest", "statistics:month", "statistics:csv", "statistics:json"}
# The page on which the demonstration shows its mail; outside of it there is no such page.
DEMONSTRATION = {"mailbox-list", "mailbox-detail"}

PUBLIC = PAGES | FILES | FORMER | ENTRANCE | INQUIRIES | PROOF | ANSWERS | ASKING | SCHEMAS | STATISTICS | DEMONSTRATION

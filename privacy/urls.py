from django.urls import path

from .views import (
    centre,
    choices,
    closing,
    explanation,
    handover,
    mandates,
    packages,
    papers,
    policies,
    receipts,
    registers,
)
from .views.cookies import CookieSettingsView
from .views.own_request import OwnRequestView
from .views.procedure import ProcedureView
from .views.withdrawal import WithdrawalView

app_name = "privacy"

urlpatterns = [
    path("policies/", policies.PolicyListView.as_view(), name="policy-list"),
    path("policies/feed/", policies.PolicyFeed(), name="policy-feed"),
    path("policies/<slug:document>/", policies.PolicyView.as_view(), name="policy"),
    path("policies/<slug:document>/<int:number>/", policies.PolicyView.as_view(), name="policy-version"),
    path("policies/<slug:document>/<int:number>/accept/", policies.accept, name="policy-accept"),
    path("policies/<slug:document>/<int:number>/decline/", policies.decline, name="policy-decline"),
    path(
        "policies/<slug:document>/<int:old>/<int:new>/",
        policies.PolicyDifferenceView.as_view(),
        name="policy-difference",
    ),
    path("consent/", policies.ConsentRequestView.as_view(), name="consent-request"),
    path("privacy-centre/", centre.CentreView.as_view(), name="centre"),
    path("privacy-centre/held/", centre.HeldView.as_view(), name="held"),
    path("privacy-centre/held/file/", centre.HeldFileView.as_view(), name="held-file"),
    path("privacy-centre/history/", centre.HistoryView.as_view(), name="history"),
    path("privacy-centre/seen/", centre.SightsView.as_view(), name="sights"),
    path("privacy-centre/why/<slug:purpose>/", explanation.ExplanationView.as_view(), name="explanation"),
    path("privacy-centre/requests/new/", centre.RequestCreateView.as_view(), name="request-create"),
    path("privacy-centre/copies/", packages.CopiesView.as_view(), name="package-list"),
    path("privacy-centre/copies/<uuid:ref>/", packages.CopyView.as_view(), name="package"),
    path("privacy-centre/copies/<uuid:ref>/file/", packages.fetch, name="package-fetch"),
    path("portability/schema/<int:version>.json", packages.schema, name="portability-schema"),
    path("privacy-centre/closing/", closing.ClosingView.as_view(), name="closing"),
    path("privacy-centre/closing/call-off/", closing.call_off, name="closing-call-off"),
    path("privacy-centre/requests/<uuid:ref>/", OwnRequestView.as_view(), name="request"),
    path("privacy-centre/requests/<uuid:ref>/paper/", papers.PaperView.as_view(), name="paper"),
    path("papers/<str:token>/", papers.PaperByLinkView.as_view(), name="paper-by-link"),
    path("privacy-centre/agents/", mandates.AgentsView.as_view(), name="agents"),
    path("privacy-centre/agents/<uuid:ref>/<str:act>/", mandates.act, name="mandate-act"),
    path("agents/<str:token>/", mandates.MandateByLinkView.as_view(), name="mandate-by-link"),
    path("privacy-centre/consent/give/", choices.give, name="consent-give"),
    path("privacy-centre/consent/withdraw/", choices.withdraw, name="consent-withdraw"),
    path("privacy-centre/objections/make/", choices.make_objection, name="objection-make"),
    path("privacy-centre/objections/take-back/", choices.take_back_objection, name="objection-take-back"),
    path("privacy-centre/recipients/opt-out/", choices.opt_out, name="opt-out"),
    path("privacy-centre/recipients/opt-in/", choices.opt_in, name="opt-in"),
    path("privacy-centre/receipts/<uuid:ref>/", receipts.download, name="receipt-download"),
    path("privacy/record-of-processing/", registers.RecordOfProcessingView.as_view(), name="record-of-processing"),
    path("privacy/file-register/", registers.FileRegisterView.as_view(), name="file-register"),
    path("privacy/procedure/", ProcedureView.as_view(), name="procedure"),
    path("privacy/recipients/", handover.RecipientListView.as_view(), name="recipient-list"),
    path("hand-overs/<uuid:ref>/<str:name>", handover.hand_over_file, name="hand-over-file"),
    path("receipts/verify/", receipts.ReceiptVerifyView.as_view(), name="receipt-verify"),
    path("receipts/keys/", receipts.KeysView.as_view(), name="receipt-keys"),
    path("stop/<str:token>/", WithdrawalView.as_view(), name="withdrawal"),
    path("cookie-settings/", CookieSettingsView.as_view(), name="cookie-settings"),
]

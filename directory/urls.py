from django.urls import path

from . import views

app_name = "directory"

urlpatterns = [
    path("", views.ListingListView.as_view(), name="listing-list"),
    path("saved/", views.SavedListView.as_view(), name="saved-list"),
    path("saved/compare/", views.CompareView.as_view(), name="saved-compare"),
    path("saved/saved-partners.csv", views.saved_spreadsheet, name="saved-spreadsheet"),
    path("mine/", views.own_draft, name="draft-own"),
    path("mine/<uuid:ref>/", views.DraftDetailView.as_view(), name="draft-detail"),
    path("mine/<uuid:ref>/preview/", views.DraftPreviewView.as_view(), name="draft-preview"),
    path("mine/<uuid:ref>/publish/", views.publish_draft, name="draft-publish"),
    path("mine/<uuid:ref>/languages/", views.confirm_languages, name="draft-languages"),
    path("mine/<uuid:ref>/unpublish/", views.UnpublishView.as_view(), name="draft-unpublish"),
    path("mine/<uuid:ref>/contact/", views.ContactView.as_view(), name="draft-contact"),
    path("mine/<uuid:ref>/photos/", views.PhotoListView.as_view(), name="photo-list"),
    path("mine/<uuid:ref>/photos/<uuid:photo>/", views.PhotoUpdateView.as_view(), name="photo-update"),
    path("mine/<uuid:ref>/photos/<uuid:photo>/move/", views.move_photo, name="photo-move"),
    path("mine/<uuid:ref>/photos/<uuid:photo>/remove/", views.PhotoRemoveView.as_view(), name="photo-remove"),
    path("mine/<uuid:ref>/<slug:section>/", views.SectionUpdateView.as_view(), name="draft-update"),
    path("photos/<uuid:ref>/<str:name>", views.photo, name="photo"),
    path("<uuid:ref>/", views.ListingDetailView.as_view(), name="listing-detail"),
    path("<uuid:ref>/print/", views.ListingPrintView.as_view(), name="listing-print"),
    path("<uuid:ref>/contact.vcf", views.vcard, name="listing-vcard"),
    path("<uuid:ref>/save/", views.save_listing, name="listing-save"),
    path("<uuid:ref>/forget/", views.forget_listing, name="listing-forget"),
    path("<uuid:ref>/note/", views.note_listing, name="listing-note"),
]

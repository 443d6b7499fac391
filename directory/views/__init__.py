from .draft import (
    ContactView,
    DraftDetailView,
    DraftPreviewView,
    SectionUpdateView,
    UnpublishView,
    confirm_languages,
    own_draft,
    publish_draft,
)
from .listing import ListingDetailView, ListingListView, ListingPrintView, vcard
from .photo import PhotoListView, PhotoRemoveView, PhotoUpdateView, move_photo, photo
from .saved import CompareView, SavedListView, forget_listing, note_listing, save_listing, saved_spreadsheet

__all__ = [
    "CompareView",
    "ContactView",
    "DraftDetailView",
    "DraftPreviewView",
    "ListingDetailView",
    "ListingListView",
    "ListingPrintView",
    "PhotoListView",
    "PhotoRemoveView",
    "PhotoUpdateView",
    "SavedListView",
    "SectionUpdateView",
    "UnpublishView",
    "confirm_languages",
    "forget_listing",
    "move_photo",
    "note_listing",
    "own_draft",
    "photo",
    "publish_draft",
    "save_listing",
    "saved_spreadsheet",
    "vcard",
]

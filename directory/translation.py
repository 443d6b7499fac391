from modeltranslation.translator import TranslationOptions, register

from .models import Listing, ListingDraft, Photo


@register(ListingDraft)
class ListingDraftTranslation(TranslationOptions):
    fields = ListingDraft.TRANSLATED
    required_languages = ()


@register(Listing)
class ListingTranslation(TranslationOptions):
    fields = Listing.TRANSLATED
    required_languages = ()


@register(Photo)
class PhotoTranslation(TranslationOptions):
    fields = ("alternative",)
    required_languages = ()

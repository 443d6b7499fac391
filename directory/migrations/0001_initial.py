import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("headline", models.CharField(blank=True, max_length=60, verbose_name="headline")),
                ("headline_en", models.CharField(blank=True, max_length=60, null=True, verbose_name="headline")),
                ("headline_ja", models.CharField(blank=True, max_length=60, null=True, verbose_name="headline")),
                ("description", models.TextField(blank=True, max_length=1200, verbose_name="description")),
                (
                    "description_en",
                    models.TextField(blank=True, max_length=1200, null=True, verbose_name="description"),
                ),
                (
                    "description_ja",
                    models.TextField(blank=True, max_length=1200, null=True, verbose_name="description"),
                ),
                ("availability", models.CharField(blank=True, max_length=200, verbose_name="season and closed days")),
                (
                    "availability_en",
                    models.CharField(blank=True, max_length=200, null=True, verbose_name="season and closed days"),
                ),
                (
                    "availability_ja",
                    models.CharField(blank=True, max_length=200, null=True, verbose_name="season and closed days"),
                ),
                ("terms", models.TextField(blank=True, max_length=400, verbose_name="terms of business")),
                ("terms_en", models.TextField(blank=True, max_length=400, null=True, verbose_name="terms of business")),
                ("terms_ja", models.TextField(blank=True, max_length=400, null=True, verbose_name="terms of business")),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="categories",
                    ),
                ),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="areas",
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="languages spoken",
                    ),
                ),
                (
                    "attributes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="attributes",
                    ),
                ),
                ("capacity_min", models.PositiveIntegerField(blank=True, null=True, verbose_name="smallest group")),
                ("capacity_max", models.PositiveIntegerField(blank=True, null=True, verbose_name="largest group")),
                ("founded_in", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year founded")),
                ("corporate_number", models.CharField(blank=True, max_length=13, verbose_name="corporate number")),
                (
                    "buyer_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="kind of travel business",
                    ),
                ),
                (
                    "markets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="markets sold to",
                    ),
                ),
                (
                    "yearly_visitors",
                    models.CharField(blank=True, max_length=12, verbose_name="visitors sent to Japan a year"),
                ),
                (
                    "group_sizes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="group sizes",
                    ),
                ),
                (
                    "segments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="kinds of traveller",
                    ),
                ),
                (
                    "wanted_categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="categories looked for",
                    ),
                ),
                (
                    "wanted_areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="areas looked for",
                    ),
                ),
                (
                    "months",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="months of travel",
                    ),
                ),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "side",
                    models.CharField(
                        choices=[("domestic", "Tokyo"), ("overseas", "Overseas")], max_length=8, verbose_name="side"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="business name")),
                ("name_en", models.CharField(max_length=100, null=True, verbose_name="business name")),
                ("name_ja", models.CharField(max_length=100, null=True, verbose_name="business name")),
                ("country", models.CharField(max_length=2, verbose_name="country or region")),
                ("municipality", models.CharField(blank=True, max_length=6, verbose_name="municipality")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="city")),
                ("homepage", models.URLField(blank=True, verbose_name="homepage")),
                ("employees_band", models.CharField(blank=True, max_length=10, verbose_name="number of employees")),
                ("licences", models.JSONField(default=list, verbose_name="licence numbers")),
                ("licence_checked_on", models.DateField(null=True, verbose_name="licence checked on")),
                ("photos", models.JSONField(default=list, verbose_name="photos")),
                (
                    "photo_refs",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("draft_version", models.PositiveIntegerField(default=0, editable=False)),
                ("published_at", models.DateTimeField(auto_now_add=True, verbose_name="published")),
                ("updated_at", models.DateTimeField(verbose_name="updated")),
                (
                    "operator",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listing",
                        to="accounts.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "listing",
                "verbose_name_plural": "listings",
            },
        ),
        migrations.CreateModel(
            name="ListingDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("headline", models.CharField(blank=True, max_length=60, verbose_name="headline")),
                ("headline_en", models.CharField(blank=True, max_length=60, null=True, verbose_name="headline")),
                ("headline_ja", models.CharField(blank=True, max_length=60, null=True, verbose_name="headline")),
                ("description", models.TextField(blank=True, max_length=1200, verbose_name="description")),
                (
                    "description_en",
                    models.TextField(blank=True, max_length=1200, null=True, verbose_name="description"),
                ),
                (
                    "description_ja",
                    models.TextField(blank=True, max_length=1200, null=True, verbose_name="description"),
                ),
                ("availability", models.CharField(blank=True, max_length=200, verbose_name="season and closed days")),
                (
                    "availability_en",
                    models.CharField(blank=True, max_length=200, null=True, verbose_name="season and closed days"),
                ),
                (
                    "availability_ja",
                    models.CharField(blank=True, max_length=200, null=True, verbose_name="season and closed days"),
                ),
                ("terms", models.TextField(blank=True, max_length=400, verbose_name="terms of business")),
                ("terms_en", models.TextField(blank=True, max_length=400, null=True, verbose_name="terms of business")),
                ("terms_ja", models.TextField(blank=True, max_length=400, null=True, verbose_name="terms of business")),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="categories",
                    ),
                ),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="areas",
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="languages spoken",
                    ),
                ),
                (
                    "attributes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="attributes",
                    ),
                ),
                ("capacity_min", models.PositiveIntegerField(blank=True, null=True, verbose_name="smallest group")),
                ("capacity_max", models.PositiveIntegerField(blank=True, null=True, verbose_name="largest group")),
                ("founded_in", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year founded")),
                ("corporate_number", models.CharField(blank=True, max_length=13, verbose_name="corporate number")),
                (
                    "buyer_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="kind of travel business",
                    ),
                ),
                (
                    "markets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="markets sold to",
                    ),
                ),
                (
                    "yearly_visitors",
                    models.CharField(blank=True, max_length=12, verbose_name="visitors sent to Japan a year"),
                ),
                (
                    "group_sizes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="group sizes",
                    ),
                ),
                (
                    "segments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="kinds of traveller",
                    ),
                ),
                (
                    "wanted_categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="categories looked for",
                    ),
                ),
                (
                    "wanted_areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="areas looked for",
                    ),
                ),
                (
                    "months",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="months of travel",
                    ),
                ),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("outdated", models.JSONField(default=dict, editable=False)),
                (
                    "operator",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listing_draft",
                        to="accounts.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "listing draft",
                "verbose_name_plural": "listing drafts",
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("width", models.PositiveSmallIntegerField(verbose_name="width")),
                ("height", models.PositiveSmallIntegerField(verbose_name="height")),
                ("alternative", models.CharField(blank=True, max_length=200, verbose_name="text alternative")),
                (
                    "alternative_en",
                    models.CharField(blank=True, max_length=200, null=True, verbose_name="text alternative"),
                ),
                (
                    "alternative_ja",
                    models.CharField(blank=True, max_length=200, null=True, verbose_name="text alternative"),
                ),
                ("is_decorative", models.BooleanField(default=False, verbose_name="decorative")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="directory.listingdraft",
                        verbose_name="listing draft",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedListing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.TextField(blank=True, max_length=500, verbose_name="note")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="saved")),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.operator",
                        verbose_name="operator",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved listing",
                "verbose_name_plural": "saved listings",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "listing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="document",
                        serialize=False,
                        to="directory.listing",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("domestic", "Tokyo"), ("overseas", "Overseas")], max_length=8, verbose_name="side"
                    ),
                ),
                ("quality", models.PositiveSmallIntegerField(default=0, verbose_name="quality")),
                (
                    "facets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None, verbose_name="facets"
                    ),
                ),
                ("doc", django.contrib.postgres.search.SearchVectorField(verbose_name="lexemes")),
            ],
            options={
                "verbose_name": "search document",
                "verbose_name_plural": "search documents",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("side", "domestic")), fields=["doc"], name="search_domestic"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("side", "overseas")), fields=["doc"], name="search_overseas"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("side", "domestic")), fields=["-updated_at", "-id"], name="listing_domestic_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("side", "overseas")), fields=["-updated_at", "-id"], name="listing_overseas_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(fields=["photo_refs"], name="listing_photo_refs"),
        ),
        migrations.AddConstraint(
            model_name="savedlisting",
            constraint=models.UniqueConstraint(fields=("user", "operator"), name="saved_once"),
        ),
    ]

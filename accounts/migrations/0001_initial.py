import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("privacy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "This address is already in use."},
                        max_length=254,
                        unique=True,
                        verbose_name="email address",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[("domestic", "Tokyo"), ("overseas", "Overseas")],
                        max_length=8,
                        null=True,
                        verbose_name="side",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("is_staff", models.BooleanField(default=False, verbose_name="staff")),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="joined"),
                ),
                (
                    "attested_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="said to be 16 or over"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "subject",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="user",
                        to="privacy.subject",
                        verbose_name="data subject",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("business_name", models.CharField(blank=True, max_length=100, verbose_name="business name")),
                ("business_name_key", models.CharField(blank=True, editable=False, max_length=100)),
                ("postcode", models.CharField(blank=True, max_length=20, verbose_name="postcode")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="city")),
                ("street_address", models.CharField(blank=True, max_length=300, verbose_name="street address")),
                ("telephone", models.CharField(blank=True, max_length=20, verbose_name="telephone number")),
                ("homepage", models.URLField(blank=True, verbose_name="homepage")),
                ("has_no_homepage", models.BooleanField(default=False, verbose_name="we have no homepage")),
                ("employees", models.PositiveIntegerField(blank=True, null=True, verbose_name="number of employees")),
                ("contact_name", models.CharField(blank=True, max_length=100, verbose_name="name of person in charge")),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email of person in charge"),
                ),
                (
                    "business_name_romanised",
                    models.CharField(blank=True, max_length=100, verbose_name="business name in Latin letters"),
                ),
                ("prefecture", models.CharField(blank=True, max_length=2, verbose_name="prefecture")),
                (
                    "has_tokyo_office",
                    models.BooleanField(blank=True, null=True, verbose_name="business office in Tokyo"),
                ),
                (
                    "tokyo_municipality",
                    models.CharField(blank=True, max_length=6, verbose_name="municipality of the Tokyo office"),
                ),
                (
                    "tokyo_address",
                    models.CharField(blank=True, max_length=300, verbose_name="address of the Tokyo office"),
                ),
                (
                    "representative_name",
                    models.CharField(blank=True, max_length=100, verbose_name="name of registered representative"),
                ),
                (
                    "contact_telephone",
                    models.CharField(blank=True, max_length=20, verbose_name="telephone of person in charge"),
                ),
                (
                    "licence_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("held", "We hold a licence or have filed a notification"),
                            ("follows", "The number is to follow"),
                            ("not needed", "Our business needs none"),
                        ],
                        max_length=10,
                        verbose_name="tourism business licence",
                    ),
                ),
                ("licences", models.JSONField(blank=True, default=list, verbose_name="licence numbers")),
                (
                    "licence_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="why no licence is needed"),
                ),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country or region")),
                ("region", models.CharField(blank=True, max_length=100, verbose_name="state or province")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "side",
                    models.CharField(
                        choices=[("domestic", "Tokyo"), ("overseas", "Overseas")],
                        editable=False,
                        max_length=8,
                        verbose_name="side",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("suspended", "Suspended"),
                            ("contact needed", "Contact needed"),
                            ("closed", "Closed"),
                        ],
                        default="active",
                        max_length=14,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="approved")),
                (
                    "tokyo_office_confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Tokyo office confirmed"),
                ),
                ("licence_checked_on", models.DateField(blank=True, null=True, verbose_name="licence checked on")),
                (
                    "licence_checked_source",
                    models.CharField(blank=True, max_length=200, verbose_name="licence checked against"),
                ),
                (
                    "shown_contact",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("contact_name", "Name of the person in charge"),
                                ("contact_telephone", "Telephone of the person in charge"),
                                ("contact_email", "Email of the person in charge"),
                                ("telephone", "Telephone of the business"),
                                ("address", "Full address of the business"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="shown to the other side",
                    ),
                ),
                (
                    "in_cross_view",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                models.Q(
                                    ("approved_at__isnull", False),
                                    ("status__in", ["active", "contact needed"]),
                                    models.Q(
                                        ("side", "overseas"),
                                        ("tokyo_office_confirmed_at__isnull", False),
                                        _connector="OR",
                                    ),
                                ),
                                then=True,
                            ),
                            default=False,
                        ),
                        output_field=models.BooleanField(verbose_name="in the cross-view"),
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="operators",
                        to="privacy.subject",
                        verbose_name="person in charge",
                    ),
                ),
            ],
            options={
                "verbose_name": "operator",
                "verbose_name_plural": "operators",
                "permissions": [("review_registrations", "Can review registrations")],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "side",
                    models.CharField(
                        choices=[("domestic", "Tokyo"), ("overseas", "Overseas")],
                        editable=False,
                        max_length=8,
                        verbose_name="side",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("editor", "Editor"), ("reader", "Reader")],
                        max_length=6,
                        verbose_name="role",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="since")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="accounts.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
            },
        ),
        migrations.CreateModel(
            name="JoinRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="asked")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("accepted", models.BooleanField(null=True, verbose_name="accepted")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="join_requests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="join_requests",
                        to="accounts.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "request to join",
                "verbose_name_plural": "requests to join",
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code_hash", models.CharField(editable=False, max_length=64)),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="valid until")),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("editor", "Editor"), ("reader", "Reader")],
                        default="editor",
                        max_length=6,
                        verbose_name="role",
                    ),
                ),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="accounts.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
            },
        ),
        migrations.CreateModel(
            name="DomesticRegistration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("business_name", models.CharField(blank=True, max_length=100, verbose_name="business name")),
                ("business_name_key", models.CharField(blank=True, editable=False, max_length=100)),
                ("postcode", models.CharField(blank=True, max_length=20, verbose_name="postcode")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="city")),
                ("street_address", models.CharField(blank=True, max_length=300, verbose_name="street address")),
                ("telephone", models.CharField(blank=True, max_length=20, verbose_name="telephone number")),
                ("homepage", models.URLField(blank=True, verbose_name="homepage")),
                ("has_no_homepage", models.BooleanField(default=False, verbose_name="we have no homepage")),
                ("employees", models.PositiveIntegerField(blank=True, null=True, verbose_name="number of employees")),
                ("contact_name", models.CharField(blank=True, max_length=100, verbose_name="name of person in charge")),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email of person in charge"),
                ),
                (
                    "business_name_romanised",
                    models.CharField(blank=True, max_length=100, verbose_name="business name in Latin letters"),
                ),
                ("prefecture", models.CharField(blank=True, max_length=2, verbose_name="prefecture")),
                (
                    "has_tokyo_office",
                    models.BooleanField(blank=True, null=True, verbose_name="business office in Tokyo"),
                ),
                (
                    "tokyo_municipality",
                    models.CharField(blank=True, max_length=6, verbose_name="municipality of the Tokyo office"),
                ),
                (
                    "tokyo_address",
                    models.CharField(blank=True, max_length=300, verbose_name="address of the Tokyo office"),
                ),
                (
                    "representative_name",
                    models.CharField(blank=True, max_length=100, verbose_name="name of registered representative"),
                ),
                (
                    "contact_telephone",
                    models.CharField(blank=True, max_length=20, verbose_name="telephone of person in charge"),
                ),
                (
                    "licence_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("held", "We hold a licence or have filed a notification"),
                            ("follows", "The number is to follow"),
                            ("not needed", "Our business needs none"),
                        ],
                        max_length=10,
                        verbose_name="tourism business licence",
                    ),
                ),
                ("licences", models.JSONField(blank=True, default=list, verbose_name="licence numbers")),
                (
                    "licence_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="why no licence is needed"),
                ),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "reference",
                    models.CharField(
                        editable=False, max_length=20, null=True, unique=True, verbose_name="reference number"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Sent"),
                            ("in review", "Being checked"),
                            ("changes requested", "Reply needed"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=17,
                        verbose_name="status",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="sent")),
                ("due_on", models.DateField(blank=True, editable=False, null=True, verbose_name="answer due on")),
                ("requested_changes", models.JSONField(default=dict, editable=False, verbose_name="changes asked for")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="domestic_registrations",
                        to="accounts.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "Tokyo registration",
                "verbose_name_plural": "Tokyo registrations",
                "ordering": ["due_on", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=20, verbose_name="reference number")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("approved", "Approved"),
                            ("changes requested", "Changes asked for"),
                            ("declined", "Declined"),
                        ],
                        max_length=17,
                        verbose_name="outcome",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="decided")),
                ("reasons", models.JSONField(default=list, verbose_name="reasons")),
                ("fields", models.JSONField(default=dict, verbose_name="fields")),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="note to the applicant")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="accounts.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="AddressProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code_hash", models.CharField(editable=False, max_length=64)),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="valid until")),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                ("verified_at", models.DateTimeField(blank=True, null=True, verbose_name="verified")),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="address_proofs",
                        to="accounts.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "proof of an address",
                "verbose_name_plural": "proofs of addresses",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="acting_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.operator",
                verbose_name="acting for",
            ),
        ),
        migrations.CreateModel(
            name="OverseasRegistration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("business_name", models.CharField(blank=True, max_length=100, verbose_name="business name")),
                ("business_name_key", models.CharField(blank=True, editable=False, max_length=100)),
                ("postcode", models.CharField(blank=True, max_length=20, verbose_name="postcode")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="city")),
                ("street_address", models.CharField(blank=True, max_length=300, verbose_name="street address")),
                ("telephone", models.CharField(blank=True, max_length=20, verbose_name="telephone number")),
                ("homepage", models.URLField(blank=True, verbose_name="homepage")),
                ("has_no_homepage", models.BooleanField(default=False, verbose_name="we have no homepage")),
                ("employees", models.PositiveIntegerField(blank=True, null=True, verbose_name="number of employees")),
                ("contact_name", models.CharField(blank=True, max_length=100, verbose_name="name of person in charge")),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email of person in charge"),
                ),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country or region")),
                ("region", models.CharField(blank=True, max_length=100, verbose_name="state or province")),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "reference",
                    models.CharField(
                        editable=False, max_length=20, null=True, unique=True, verbose_name="reference number"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Sent"),
                            ("in review", "Being checked"),
                            ("changes requested", "Reply needed"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=17,
                        verbose_name="status",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="sent")),
                ("due_on", models.DateField(blank=True, editable=False, null=True, verbose_name="answer due on")),
                ("requested_changes", models.JSONField(default=dict, editable=False, verbose_name="changes asked for")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overseas_registrations",
                        to="accounts.operator",
                        verbose_name="operator",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
            ],
            options={
                "verbose_name": "overseas registration",
                "verbose_name_plural": "overseas registrations",
                "ordering": ["due_on", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="operator",
            index=models.Index(fields=["business_name_key"], name="operator_name_key"),
        ),
        migrations.AddIndex(
            model_name="operator",
            index=models.Index(fields=["telephone"], name="operator_telephone"),
        ),
        migrations.AddConstraint(
            model_name="operator",
            constraint=models.UniqueConstraint(fields=("id", "side"), name="operator_id_side"),
        ),
        migrations.AddConstraint(
            model_name="operator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("licence_checked_on__isnull", True),
                    models.Q(("licence_checked_source", ""), _negated=True),
                    _connector="OR",
                ),
                name="operator_licence_check_has_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("user", "operator"), name="membership_once"),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at__isnull", True)),
                fields=("user", "operator"),
                name="join_request_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="domesticregistration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["draft", "submitted", "in review", "changes requested"])),
                fields=("operator",),
                name="domestic_registration_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="domesticregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(("due_on__isnull", False), ("reference__isnull", False), ("submitted_at__isnull", False)),
                    _connector="OR",
                ),
                name="domestic_registration_sent_has_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="addressproof",
            constraint=models.UniqueConstraint(fields=("operator", "email"), name="address_proof_once"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="user_email_is_canonical",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(fields=("id", "side"), name="user_id_side"),
        ),
        migrations.AddConstraint(
            model_name="overseasregistration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["draft", "submitted", "in review", "changes requested"])),
                fields=("operator",),
                name="overseas_registration_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="overseasregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(("due_on__isnull", False), ("reference__isnull", False), ("submitted_at__isnull", False)),
                    _connector="OR",
                ),
                name="overseas_registration_sent_has_reference",
            ),
        ),
    ]

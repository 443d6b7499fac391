import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from directory import tokens
from directory.tokens import Document, Match, both, document_tokens, facet_query, fold, query_tokens, quoted, singular

# Text as people type it, and the rest of Unicode that a database column can hold.
TYPED = st.lists(
    st.sampled_from(
        ["東京都", "京都", "旅館", "茶", "霞が関", "ヶ", "がいど", "ﾎﾃﾙ", "株式会社", "(株)", "hotel", "Tours", "Ōta",
         "King's", "Co., Ltd.", "K.K.", "the", "𠮷", "한국", " ", "　", "・", "·", "n·", "fc·acc", "'", "\\", "&", "|",
         "!", "<->", ":*", "(", "%", "_"]
    ),
    max_size=12,
).map("".join)  # fmt: skip
ANY = TYPED | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
on_the_database = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def matches(lexemes, query):
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_to_tsvector(%s::text[]) @@ %s::tsquery", [lexemes, query])
        return cursor.fetchone()[0]


def search(text, documents):
    """The names that `text` finds, best first."""
    query = query_tokens(text)
    return [
        name
        for tier in query.tiers
        for name, (tags, body) in documents.items()
        if matches(document_tokens([name], tags, [body]), tier)
    ]


@pytest.mark.parametrize(
    "spellings",
    [
        ["髙﨑旅館", "高崎旅館"],
        ["濵離宮", "濱離宮", "浜離宮"],
        ["澤", "沢"],
        ["齋藤", "斉藤", "斎藤"],
        ["麴町", "麹町"],
        ["葛\U000e0100飾", "葛飾"],
        ["霞ヶ関", "霞ケ関", "霞が関", "霞ガ関"],
        ["ガイド", "がいど", "ｶﾞｲﾄﾞ", "カ\u3099イト\u3099"],
        ["ザ・リッツ", "ザリッツ"],
        ["Tōkyō", "TOKYO", "Ｔｏｋｙｏ", "tokyo"],
        ["Café", "cafe", "Cafe\u0301"],
        ["King’s", "King's", "kings"],
        ["K.K.", "kk."],
        ["㈱はと", "(株)ハト"],
        ["①", "1"],
    ],
)
def test_spellings_of_one_word_fold_to_one(spellings):
    assert len({fold(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    "pair", [("か", "が"), ("ハ", "パ"), ("びょういん", "びよういん"), ("ビル", "ビール"), ("岡", "丘")]
)
def test_different_words_stay_apart(pair):
    assert fold(pair[0]) != fold(pair[1])


@given(ANY)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("hotel", "hotels"),
        ("activity", "activities"),
        ("movie", "movies"),
        ("church", "churches"),
        ("bus", "buses"),
        ("box", "boxes"),
        ("class", "classes"),
        ("house", "houses"),
        ("experience", "experiences"),
        ("taxi", "taxis"),
        ("journey", "journeys"),
    ],
)
def test_one_and_many_are_one_word(one, many):
    assert singular(one) == singular(many)


@pytest.mark.parametrize(("one", "other"), [("car", "care"), ("sit", "site"), ("tour", "tourism"), ("glass", "gla")])
def test_plural_folding_keeps_words_apart(one, other):
    assert singular(one) != singular(other)


def test_a_run_becomes_pairs_triples_and_its_last_character():
    assert list(tokens.words(fold("京懐石 Lunch"))) == ["京懐", "懐石", "京懐石", "石", "lunch"]


def test_a_document_names_where_a_word_stands():
    assert document_tokens(["桜"], ["旅館"], ["inns"], [("category", "ACC-02")]) == sorted(
        ["桜", "n·桜", "e·桜", "旅館", "館", "t·旅館", "t·館", "inn", "fc·acc-02"]
    )


def test_nothing_in_a_query_is_an_operator():
    query = query_tokens("旅館 | !hotel & 'x':* <-> \\ n·secret fc·acc-02")

    assert [(term.lexeme, term.prefix) for term in query.terms] == [
        ("旅館", False),
        ("hotel", False),
        ("x", False),
        ("n", False),
        ("secret", False),
        ("fc", False),
        ("acc", False),
        ("02", False),
    ]


@pytest.mark.parametrize("text", ["", "   ", "%_\\", "'", "&|!()", "🍣", "\0", "・", "\ud800"])
def test_a_query_without_a_word_is_false(text):
    assert not query_tokens(text)


def test_a_query_is_cut_at_its_limits():
    assert len(query_tokens("旅館案内所" * 2000).terms) <= tokens.MAX_TERMS
    assert len(query_tokens(" ".join(map(str, range(10_000)))).terms) == tokens.MAX_TERMS
    assert len(query_tokens("x" * 10_000).terms[0].lexeme) == tokens.MAX_WORD
    assert len(query_tokens("ﷺ" * 10_000).key) <= tokens.MAX_WORD


def test_an_unknown_facet_is_an_error():
    with pytest.raises(KeyError):
        facet_query({"password": ["x"]})


@pytest.mark.django_db
@pytest.mark.parametrize("lexeme", ["旅館", "n·o'neil", "\\", "\\'", "'':*", "a|b", "fc·acc-02", " ", "!&", "é"])
def test_a_quoted_lexeme_means_itself(lexeme):
    assert matches([lexeme], quoted(lexeme))
    assert not matches(["another"], quoted(lexeme))
    assert matches([lexeme + "x"], quoted(lexeme, prefix=True))


@pytest.mark.django_db
@on_the_database
@given(ANY)
def test_every_text_is_found_by_itself(text):
    assume(len(fold(text)) <= tokens.MAX_QUERY)
    query = query_tokens(text)
    assume(query)

    assert matches(document_tokens([], [], [text]), query.anywhere)
    assert matches(document_tokens([text], [], []), query.tiers[0])


@pytest.mark.django_db
@on_the_database
@given(ANY, ANY, ANY, ANY)
def test_the_tiers_divide_what_is_found(text, name, tag, body):
    query = query_tokens(text)
    assume(query)
    lexemes = document_tokens([name], [tag], [body + text])

    assert [matches(lexemes, tier) for tier in query.tiers].count(True) == matches(lexemes, query.anywhere)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("旅館", ["旅館 花", "浅草旅館", "銀座花", "料亭 松"]),
        ("花", ["花屋敷", "銀座花", "旅館 花"]),
        ("銀座花", ["銀座花"]),
        ("東京都", ["東京都観光案内", "料亭 松"]),
        ("京都", ["京都屋", "新京都館", "都ホテル"]),
        ("茶", ["茶の間", "紅茶館", "花屋敷"]),
        ("茶ノ間", ["茶の間"]),
        ("浅草 旅館", ["浅草旅館"]),
        ("浅草　りょかん", ["Ryokan りょかん浅草"]),
        ("hotels", ["Hotel", "Hotel Sakura", "The Sakura Hotel", "都ホテル"]),
        ("sakura hotel", ["The Sakura Hotel", "Hotel Sakura"]),
        ("hotel in sakura", ["Hotel Sakura", "The Sakura Hotel"]),
        ("Hotel Sakura Co., Ltd.", ["Hotel Sakura", "The Sakura Hotel"]),
        ("株式会社浅草旅館", ["浅草旅館"]),
        ("株式会社", []),
        ("zzz hotel", []),
    ],
)
def test_the_best_answer_comes_first(query, found):
    documents = {
        "料亭 松": ([], "東京都の料亭。旅館ではありません。"),
        "銀座花": (["旅館"], "銀座の宿"),
        "浅草旅館": ([], ""),
        "旅館 花": ([], ""),
        "花屋敷": ([], "抹茶とお茶"),
        "都ホテル": (["Hotel"], "京都の宿"),
        "東京都観光案内": ([], "案内"),
        "新京都館": ([], ""),
        "京都屋": ([], ""),
        "紅茶館": ([], ""),
        "茶の間": ([], ""),
        "Ryokan りょかん浅草": ([], ""),
        "The Sakura Hotel": ([], ""),
        "Hotel Sakura": ([], ""),
        "Hotel": ([], ""),
    }

    assert search(query, documents) == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("selected", "found"),
    [
        ({}, True),
        ({"category": ["ACC"]}, True),
        ({"category": ["FNB", "ACC-02"], "language": ["zh-Hans"]}, True),
        ({"category": ["FNB"]}, False),
        ({"category": ["ACC-02"], "language": ["ja"]}, False),
        ({"category": [], "country": ["JP"]}, True),
    ],
)
def test_facets_are_alternatives_within_and_conditions_among_each_other(selected, found):
    facets = [("category", "ACC"), ("category", "ACC-02"), ("language", "zh-Hans"), ("country", "JP")]
    lexemes = document_tokens(["旅館"], [], ["acc fnb"], facets)

    assert matches(lexemes, both(query_tokens("旅館").anywhere, facet_query(selected))) is found


@pytest.mark.django_db
def test_documents_and_queries_work_in_querysets():
    rows = ContentType.objects.annotate(doc=Document(document_tokens(["O'Neil \\ 旅館"], [], [], [("country", "FR")])))

    assert rows.filter(doc=Match(query_tokens("旅館 O'Neil").anywhere)).exists()
    assert rows.filter(doc=Match(facet_query({"country": ["FR"]}))).exists()
    assert not rows.filter(doc=Match(query_tokens("hotel").anywhere)).exists()

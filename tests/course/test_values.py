"""Values over the wire: what goes in comes out; what is not as it should be goes nowhere."""

import base64
import json
from collections import OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest

import lstm_teach as lt
from lstm_teach.course.values import (
    Decoder,
    Encoder,
    Malformed,
    TooLarge,
    known_tuples,
    packed,
    unpacked,
)

TUPLES = known_tuples()


def encoded(value):
    return Encoder(lambda function: [0, {"name": function.__name__}], TUPLES).tree(value)


def decoded(tree):
    return Decoder(lambda number, facts: (number, facts), TUPLES).value(tree)


def sent(value):
    """A value at the other end of the wire."""
    return decoded(unpacked(packed(encoded(value))))


def same(one, other):
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    return type(one) is type(other) and (one == other or one != one)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -3,
        2**53,
        -(10**400),
        0.1,
        -0.0,
        1e308,
        "a word",
        "",
        ...,
        1 + 2j,
        range(1, 9, 2),
        b"",
        b"\x00\xff words",
        set(),
        pytest.param({1, 2.5, "a", None, (1, (2,)), b"x"}, id="a set of all kinds"),
        frozenset({1, frozenset({2})}),
        {"in": [{1}, {frozenset(): {"a"}}]},
    ],
    ids=repr,
)
def test_a_plain_value_arrives_as_it_was_sent(value):
    assert same(sent(value), value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_float_that_json_has_no_word_for_arrives(value):
    assert same(sent(value), value)


@pytest.mark.parametrize("dtype", ["?", "i1", "i8", "u4", "f2", "f4", "f8", ">f8", "c16"])
@pytest.mark.parametrize("shape", [(), (0,), (2, 3), (2, 0, 4)])
def test_an_array_keeps_dtype_and_shape(dtype, shape):
    value = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    assert same(sent(value), value)


def test_an_array_that_is_a_view_arrives_in_its_own_order():
    value = np.arange(24.0).reshape(2, 3, 4).swapaxes(0, 2)[::-1]
    assert same(sent(value), value)


@pytest.mark.parametrize("value", [np.float64(0.5), np.int32(7), np.bool_(True)])
def test_a_number_of_numpy_stays_one(value):
    assert same(sent(value), value)


def test_lists_tuples_and_dictionaries_are_told_apart():
    value = {"i": (1, [2.0, ("a",)]), (1, 2): [], None: {}}
    assert sent(value) == value
    assert [type(sent(v)) for v in ((), [], {})] == [tuple, list, dict]


def test_a_named_tuple_of_the_book_arrives_as_one():
    params = lt.init(lt.LSTM, np.random.default_rng(0), 2, 3)
    arrived = sent(params)
    assert type(arrived) is lt.Params
    assert all(same(a, b) for a, b in zip(arrived, params, strict=True))


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (namedtuple("Params", "a b")(1, 2), (1, 2)),
        (OrderedDict(a=[1]), {"a": [1]}),
        (defaultdict(list, b=2), {"b": 2}),
        (type("Stack", (list,), {})([3]), [3]),
        (np.str_("A"), "A"),
        (type("Bag", (set,), {"__iter__": lambda self: iter([9])})([3]), {3}),
        (type("Bag", (frozenset,), {"__hash__": lambda self: 1})([3]), frozenset({3})),
        (type("Text", (bytes,), {"__len__": lambda self: 0})(b"ab"), b"ab"),
        (np.bytes_(b"ab"), b"ab"),
    ],
    ids=["tuple", "ordered", "default", "list", "text", "set", "frozenset", "bytes", "NumPy's"],
)
def test_of_a_subclass_only_the_content_arrives(value, arrives):
    assert same(sent(value), arrives)


def test_an_array_may_have_as_many_axes_as_numpy_allows():
    assert sent(np.ones((1,) * 64)).shape == (1,) * 64


def test_numbers_wider_than_double_arrive_as_doubles():
    assert same(sent(np.longdouble("0.1")), np.float64(0.1))
    assert same(sent(np.array([1, "1e4000"], np.longdouble)), np.array([1, np.inf]))
    assert same(sent(np.clongdouble(2j)), np.complex128(2j))


def test_a_dictionary_or_set_has_few_enough_keys_that_none_can_stall_the_grader():
    same_hash = [(2**61 - 1) * n for n in range(2001)]
    for value in (dict.fromkeys(same_hash), set(same_hash)):
        with pytest.raises(TooLarge, match="2000"):
            encoded(value)
    tree = [encoded(n) for n in same_hash]
    for forged in ({"set": tree}, {"dict": [[one, 0] for one in tree]}):
        with pytest.raises(Malformed, match="many"):
            decoded(forged)
    assert len(sent(set(same_hash[:2000]))) == 2000


def test_values_that_go_together_share_the_room():
    encoder = Encoder(None, TUPLES, room=1000)
    encoder.tree(np.ones(100))
    assert encoder.room == 1000 - 800 - 8
    with pytest.raises(TooLarge):
        Encoder(None, TUPLES, encoder.room).tree(np.ones(25))


def test_equal_sets_are_sent_alike():
    one, other = set(), set()
    for number in range(0, 80, 8):  # these collide, and then their order is that of their coming
        one.add(number)
    for number in reversed(range(0, 80, 8)):
        other.add(number)
    assert list(one) != list(other)
    assert encoded(one) == encoded(other)


def test_a_function_is_sent_as_a_number():
    assert sent(len) == (0, {"name": "len"})


class EqualsAll(float):
    __hash__ = None

    def __eq__(self, other):
        return True


class Liar(np.ndarray):
    def __array_finalize__(self, other):
        self.flags.writeable = True

    def __eq__(self, other):
        return True

    def tobytes(self, *_):
        raise SystemExit


def test_of_a_subclass_only_the_numbers_arrive():
    number = sent(EqualsAll(0.25))
    assert type(number) is float
    array = sent(np.arange(3.0).view(Liar))
    assert type(array) is np.ndarray
    assert (number, list(array)) == (0.25, [0, 1, 2])


def test_an_object_that_equals_everything_arrives_as_its_name():
    thing = type("<b>Always", (), {"__eq__": lambda self, other: True, "__hash__": None})()
    arrived = sent(thing)
    assert type(arrived).__name__ == "bAlways"
    assert arrived != 1.0


def test_a_generator_is_still_called_one():
    assert type(sent(n for n in range(3))).__name__ == "generator"


@pytest.mark.parametrize("value", [np.array([object()]), np.array(["a"]), np.array(["2001"], "M8")])
def test_an_array_of_other_things_arrives_as_its_shape(value):
    arrived = sent(value)
    assert arrived.dtype == object
    assert list(arrived) == [None]


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def in_itself():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "make",
    [
        lambda: nested(200_000),
        in_itself,
        lambda: [0] * 200_000,
        lambda: "a" * 2**24,
        lambda: 10**10_000,
        lambda: dict.fromkeys(range(200_000)),
        lambda: np.broadcast_to(0.0, (10**6, 10**6)),
        lambda: [np.zeros(2**19)] * 3,
        lambda: set(range(200_000)),
        lambda: b"a" * 2**24,
    ],
    ids=[
        "deep",
        "in itself",
        "long",
        "text",
        "digits",
        "keys",
        "8 TB",
        "thrice",
        "elements",
        "bytes",
    ],
)
def test_what_is_too_large_is_not_sent(make):
    with pytest.raises(TooLarge):
        encoded(make())


EIGHT = base64.b64encode(np.array([1.0]).tobytes()).decode()


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"tuple": 1},
        {"tuple": [], "list": []},
        {"pickle": "gASVBQ=="},
        {"__init__": []},
        {"array": ["<f8", [1], EIGHT[:-4]]},
        {"array": ["<f8", [2], EIGHT]},
        {"array": ["<f8", [1], "%" + EIGHT[1:]]},
        {"array": ["<f8", [1], "\u00e9" + EIGHT[1:]]},
        {"array": ["<f8", [-1], EIGHT]},
        {"array": ["<f8", [True], EIGHT]},
        {"array": ["<f8", [1.0], EIGHT]},
        {"array": ["<f8", [2**40], ""]},
        {"array": ["<f8", [0, 2**52], ""]},
        {"array": ["O", [2**40], ""]},
        {"array": ["O", [0] + [2**50] * 3, ""]},
        {"array": ["<f8", [1] * 65, EIGHT]},
        {"array": "<f8"},
        {"array": [["<f8"], [1], EIGHT]},
        {"scalar": ["<f8", [1], EIGHT]},
        {"scalar": ["O", [], ""]},
        {"float": "1e400"},
        {"float": ["nan"]},
        {"int": "0x" + "f" * 10_000},
        {"range": [0, 10**9, 1]},
        {"range": [0, 2**70, 1]},
        {"range": [0, 9, 0]},
        {"int": "twelve"},
        {"int": 12},
        {"complex": ["1"]},
        {"complex": ["1", "one"]},
        {"named": ["Params", [1]]},
        {"named": ["os.system", ["ls"]]},
        {"dict": [[1]]},
        {"dict": [[[], 1]]},
        {"dict": {"a": 1}},
        {"set": 3},
        {"set": {"a": 1}},
        {"set": [[]]},
        {"set": [{"set": []}]},
        {"set": [{"array": ["<f8", [1], EIGHT]}]},
        {"set": [1, 1]},
        {"set": [1, True]},
        {"frozenset": [{"dict": []}]},
        {"bytes": 3},
        {"bytes": ["YQ=="]},
        {"bytes": "Y"},
        {"bytes": "\u00e9Q=="},
        {"bytes": "YWFh" * 2**22},
        {"function": [0]},
        {"function": ["0", {}]},
        {"opaque": 3},
        2**60,
        float("inf"),
    ],
    ids=lambda tree: str(tree)[:60],
)
def test_what_is_not_exactly_a_value_is_refused(tree):
    with pytest.raises(Malformed):
        decoded(tree)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "NaN",
        "[Infinity]",
        "[" * 100_000,
        "[" + "9" * 20_000 + "]",
        "[1e400",
        7,
        None,
        b"1",
        " " * 2**25,
    ],
    ids=lambda text: str(text)[:20],
)
def test_what_is_no_message_is_refused(text):
    with pytest.raises(Malformed):
        unpacked(text)


def test_a_tree_may_not_be_larger_than_what_may_be_sent():
    many = {"tuple": [0] * 300_000}
    deep = json.loads("[" * 60 + "]" * 60)
    for tree in (many, deep, ["a" * 2**22] * 3):
        with pytest.raises(Malformed):
            decoded(tree)


def test_names_of_classes_are_letters_and_few():
    trees = [{"opaque": f"\x1b[2J</script>{n}"} for n in range(300)]
    kinds = {type(value).__name__ for value in decoded(trees)}
    assert len(kinds) <= 101
    assert all(name.isalnum() for name in kinds)


def test_half_a_pair_of_surrogates_becomes_a_question_mark():
    assert decoded("\ud800") == "?"
    assert sent("a\udfffb") == "a?b"


def test_a_not_a_number_keeps_no_payload_of_use():
    odd = np.array([0x7FF8DEADBEEF0000], np.uint64).view(np.float64)
    assert np.isnan(sent(odd)).all()

# The compute functions by shape: what comes in as an array comes out as one, chunked as chunked, a scalar as a scalar.
# pyarrow makes these functions when it is imported; here each is a name with the signature of its shape.
from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias, TypeVar, overload

from pyarrow import (
    Array,
    BinaryArray,
    BooleanArray,
    BooleanScalar,
    ChunkedArray,
    DataType,
    DictionaryArray,
    Int64Array,
    Int64Scalar,
    IntegerArray,
    LargeStringArray,
    ListArray,
    MemoryPool,
    RecordBatch,
    Scalar,
    StringArray,
    StructArray,
    Table,
    _CountScalar,
    _Indices,
    _Mask,
    _PairScalar,
    _Python,
)

_A = TypeVar("_A", bound=Array)
_V = TypeVar("_V", Array, ChunkedArray, Scalar)
_C = TypeVar("_C", Array, ChunkedArray)
_One: TypeAlias = Scalar | _Python
_Column: TypeAlias = Array | ChunkedArray
_Rounding: TypeAlias = Literal[
    "down",
    "up",
    "towards_zero",
    "towards_infinity",
    "half_down",
    "half_up",
    "half_towards_zero",
    "half_towards_infinity",
    "half_to_even",
    "half_to_odd",
]
_Order: TypeAlias = Literal["ascending", "descending"]
_Nulls: TypeAlias = Literal["at_start", "at_end"]
_Skip: TypeAlias = Literal["skip", "replace", "emit_null"]

class FunctionOptions:
    def serialize(self) -> object: ...

class CountOptions(FunctionOptions):
    def __init__(self, mode: Literal["only_valid", "only_null", "all"] = "only_valid") -> None: ...

class ScalarAggregateOptions(FunctionOptions):
    def __init__(self, *, skip_nulls: bool = True, min_count: int = 1) -> None: ...

# Shapes

class _Unary(Protocol):
    @overload
    def __call__(self, x: Array, /, *, memory_pool: MemoryPool | None = None) -> Array: ...
    @overload
    def __call__(self, x: ChunkedArray, /, *, memory_pool: MemoryPool | None = None) -> ChunkedArray: ...
    @overload
    def __call__(self, x: Scalar, /, *, memory_pool: MemoryPool | None = None) -> Scalar: ...

class _Test(Protocol):
    @overload
    def __call__(self, x: Array, /, *, memory_pool: MemoryPool | None = None) -> BooleanArray: ...
    @overload
    def __call__(self, x: ChunkedArray, /, *, memory_pool: MemoryPool | None = None) -> ChunkedArray: ...
    @overload
    def __call__(self, x: Scalar, /, *, memory_pool: MemoryPool | None = None) -> BooleanScalar: ...

class _Binary(Protocol):
    @overload
    def __call__(self, x: Array, y: Array | _One, /, *, memory_pool: MemoryPool | None = None) -> Array: ...
    @overload
    def __call__(self, x: _One, y: Array, /, *, memory_pool: MemoryPool | None = None) -> Array: ...
    @overload
    def __call__(
        self, x: ChunkedArray, y: _Column | _One, /, *, memory_pool: MemoryPool | None = None
    ) -> ChunkedArray: ...
    @overload
    def __call__(
        self, x: Array | _One, y: ChunkedArray, /, *, memory_pool: MemoryPool | None = None
    ) -> ChunkedArray: ...
    @overload
    def __call__(self, x: _One, y: _One, /, *, memory_pool: MemoryPool | None = None) -> Scalar: ...

class _Comparison(Protocol):
    @overload
    def __call__(self, x: Array, y: Array | _One, /, *, memory_pool: MemoryPool | None = None) -> BooleanArray: ...
    @overload
    def __call__(self, x: _One, y: Array, /, *, memory_pool: MemoryPool | None = None) -> BooleanArray: ...
    @overload
    def __call__(
        self, x: ChunkedArray, y: _Column | _One, /, *, memory_pool: MemoryPool | None = None
    ) -> ChunkedArray: ...
    @overload
    def __call__(
        self, x: Array | _One, y: ChunkedArray, /, *, memory_pool: MemoryPool | None = None
    ) -> ChunkedArray: ...
    @overload
    def __call__(self, x: _One, y: _One, /, *, memory_pool: MemoryPool | None = None) -> BooleanScalar: ...

class _Pattern(Protocol):
    @overload
    def __call__(self, strings: Array, /, pattern: str | bytes, *, ignore_case: bool = False) -> Array: ...
    @overload
    def __call__(
        self, strings: ChunkedArray, /, pattern: str | bytes, *, ignore_case: bool = False
    ) -> ChunkedArray: ...
    @overload
    def __call__(self, strings: Scalar, /, pattern: str | bytes, *, ignore_case: bool = False) -> Scalar: ...

class _PatternTest(Protocol):
    @overload
    def __call__(self, strings: Array, /, pattern: str | bytes, *, ignore_case: bool = False) -> BooleanArray: ...
    @overload
    def __call__(
        self, strings: ChunkedArray, /, pattern: str | bytes, *, ignore_case: bool = False
    ) -> ChunkedArray: ...
    @overload
    def __call__(self, strings: Scalar, /, pattern: str | bytes, *, ignore_case: bool = False) -> BooleanScalar: ...

class _Split(Protocol):
    @overload
    def __call__(
        self, strings: Array, /, pattern: str, *, max_splits: int | None = None, reverse: bool = False
    ) -> ListArray: ...
    @overload
    def __call__(
        self, strings: ChunkedArray, /, pattern: str, *, max_splits: int | None = None, reverse: bool = False
    ) -> ChunkedArray: ...

class _SplitWhitespace(Protocol):
    @overload
    def __call__(self, strings: Array, /, *, max_splits: int | None = None, reverse: bool = False) -> ListArray: ...
    @overload
    def __call__(
        self, strings: ChunkedArray, /, *, max_splits: int | None = None, reverse: bool = False
    ) -> ChunkedArray: ...

class _Trim(Protocol):
    @overload
    def __call__(self, strings: Array, /, characters: str | bytes) -> Array: ...
    @overload
    def __call__(self, strings: ChunkedArray, /, characters: str | bytes) -> ChunkedArray: ...
    @overload
    def __call__(self, strings: Scalar, /, characters: str | bytes) -> Scalar: ...

class _Aggregate(Protocol):
    def __call__(
        self,
        array: _Column | Sequence[_Python],
        /,
        *,
        skip_nulls: bool = True,
        min_count: int = 1,
        options: ScalarAggregateOptions | None = None,
        memory_pool: MemoryPool | None = None,
    ) -> Scalar: ...

class _TruthAggregate(Protocol):
    def __call__(
        self,
        array: _Column | Sequence[_Python],
        /,
        *,
        skip_nulls: bool = True,
        min_count: int = 1,
        options: ScalarAggregateOptions | None = None,
        memory_pool: MemoryPool | None = None,
    ) -> BooleanScalar: ...

class _StructAggregate(Protocol):
    def __call__(
        self,
        array: _Column | Sequence[_Python],
        /,
        *,
        skip_nulls: bool = True,
        min_count: int = 1,
        options: ScalarAggregateOptions | None = None,
        memory_pool: MemoryPool | None = None,
    ) -> _PairScalar: ...

class _Pad(Protocol):
    def __call__(self, strings: _V, /, width: int, padding: str = " ", lean_left_on_odd_padding: bool = True) -> _V: ...

class _Cumulative(Protocol):
    def __call__(self, values: _C, /, start: _One = None, *, skip_nulls: bool = False) -> _C: ...

class _TemporalRound(Protocol):
    def __call__(
        self,
        timestamps: _V,
        /,
        multiple: int = 1,
        unit: str = "day",
        *,
        week_starts_monday: bool = True,
        ceil_is_strictly_greater: bool = False,
        calendar_based_origin: bool = False,
    ) -> _V: ...

class _ElementWise(Protocol):
    @overload
    def __call__(self, *args: Array | _One, skip_nulls: bool = True) -> Array: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, *args: _Column | _One, skip_nulls: bool = True) -> ChunkedArray: ...

# One value

abs: _Unary
abs_checked: _Unary
acos: _Unary
acos_checked: _Unary
acosh: _Unary
acosh_checked: _Unary
ascii_capitalize: _Unary
ascii_lower: _Unary
ascii_ltrim_whitespace: _Unary
ascii_reverse: _Unary
ascii_rtrim_whitespace: _Unary
ascii_swapcase: _Unary
ascii_title: _Unary
ascii_trim_whitespace: _Unary
ascii_upper: _Unary
asin: _Unary
asin_checked: _Unary
asinh: _Unary
atan: _Unary
atanh: _Unary
atanh_checked: _Unary
binary_length: _Unary
binary_reverse: _Unary
bit_wise_not: _Unary
ceil: _Unary
cos: _Unary
cos_checked: _Unary
cosh: _Unary
day: _Unary
day_of_year: _Unary
exp: _Unary
expm1: _Unary
floor: _Unary
hour: _Unary
iso_calendar: _Unary
iso_week: _Unary
iso_year: _Unary
list_value_length: _Unary
ln: _Unary
ln_checked: _Unary
local_timestamp: _Unary
log10: _Unary
log10_checked: _Unary
log1p: _Unary
log1p_checked: _Unary
log2: _Unary
log2_checked: _Unary
microsecond: _Unary
millisecond: _Unary
minute: _Unary
month: _Unary
nanosecond: _Unary
negate: _Unary
negate_checked: _Unary
quarter: _Unary
second: _Unary
sign: _Unary
sin: _Unary
sin_checked: _Unary
sinh: _Unary
sqrt: _Unary
sqrt_checked: _Unary
subsecond: _Unary
tan: _Unary
tan_checked: _Unary
tanh: _Unary
trunc: _Unary
us_week: _Unary
us_year: _Unary
utf8_capitalize: _Unary
utf8_length: _Unary
utf8_lower: _Unary
utf8_ltrim_whitespace: _Unary
utf8_reverse: _Unary
utf8_rtrim_whitespace: _Unary
utf8_swapcase: _Unary
utf8_title: _Unary
utf8_trim_whitespace: _Unary
utf8_upper: _Unary
year: _Unary
year_month_day: _Unary

# One value -> whether

ascii_is_alnum: _Test
ascii_is_alpha: _Test
ascii_is_decimal: _Test
ascii_is_lower: _Test
ascii_is_printable: _Test
ascii_is_space: _Test
ascii_is_title: _Test
ascii_is_upper: _Test
invert: _Test
is_dst: _Test
is_finite: _Test
is_inf: _Test
is_leap_year: _Test
is_nan: _Test
is_valid: _Test
string_is_ascii: _Test
true_unless_null: _Test
utf8_is_alnum: _Test
utf8_is_alpha: _Test
utf8_is_decimal: _Test
utf8_is_digit: _Test
utf8_is_lower: _Test
utf8_is_numeric: _Test
utf8_is_printable: _Test
utf8_is_space: _Test
utf8_is_title: _Test
utf8_is_upper: _Test

# Two values

add: _Binary
add_checked: _Binary
atan2: _Binary
bit_wise_and: _Binary
bit_wise_or: _Binary
bit_wise_xor: _Binary
day_time_interval_between: _Binary
days_between: _Binary
divide: _Binary
divide_checked: _Binary
hours_between: _Binary
hypot: _Binary
logb: _Binary
logb_checked: _Binary
microseconds_between: _Binary
milliseconds_between: _Binary
minutes_between: _Binary
modulo: _Binary
modulo_checked: _Binary
month_day_nano_interval_between: _Binary
month_interval_between: _Binary
multiply: _Binary
multiply_checked: _Binary
nanoseconds_between: _Binary
power: _Binary
power_checked: _Binary
quarters_between: _Binary
remainder: _Binary
remainder_checked: _Binary
seconds_between: _Binary
shift_left: _Binary
shift_left_checked: _Binary
shift_right: _Binary
shift_right_checked: _Binary
subtract: _Binary
subtract_checked: _Binary
years_between: _Binary

# Two values -> whether

and_: _Comparison
and_kleene: _Comparison
and_not: _Comparison
and_not_kleene: _Comparison
equal: _Comparison
greater: _Comparison
greater_equal: _Comparison
less: _Comparison
less_equal: _Comparison
not_equal: _Comparison
or_: _Comparison
or_kleene: _Comparison
xor: _Comparison

# Texts

count_substring: _Pattern
count_substring_regex: _Pattern
find_substring: _Pattern
find_substring_regex: _Pattern

# Texts -> lists of texts

split_pattern: _Split
split_pattern_regex: _Split
ascii_split_whitespace: _SplitWhitespace
utf8_split_whitespace: _SplitWhitespace

# Texts -> whether

ends_with: _PatternTest
match_like: _PatternTest
match_substring: _PatternTest
match_substring_regex: _PatternTest
starts_with: _PatternTest

# Texts without characters at their ends

ascii_ltrim: _Trim
ascii_rtrim: _Trim
ascii_trim: _Trim
utf8_ltrim: _Trim
utf8_rtrim: _Trim
utf8_trim: _Trim

# Texts made wider

ascii_center: _Pad
ascii_lpad: _Pad
ascii_rpad: _Pad
utf8_center: _Pad
utf8_lpad: _Pad
utf8_rpad: _Pad

# A column -> one value

approximate_median: _Aggregate
first: _Aggregate
last: _Aggregate
max: _Aggregate
mean: _Aggregate
min: _Aggregate
product: _Aggregate
sum: _Aggregate

# A column -> whether

all: _TruthAggregate
any: _TruthAggregate

# A column -> two values

first_last: _StructAggregate
min_max: _StructAggregate

# Running values

cumulative_max: _Cumulative
cumulative_mean: _Cumulative
cumulative_min: _Cumulative
cumulative_prod: _Cumulative
cumulative_sum: _Cumulative
cumulative_sum_checked: _Cumulative

# Times

ceil_temporal: _TemporalRound
floor_temporal: _TemporalRound
round_temporal: _TemporalRound

# The extreme of several values on each row

max_element_wise: _ElementWise
min_element_wise: _ElementWise

# Functions with a signature of their own

@overload
def if_else(  # type: ignore[overload-overlap]
    cond: Array | Scalar | bool, left: Array | _One, right: Array | _One, /, *, memory_pool: MemoryPool | None = None
) -> Array: ...
@overload
def if_else(
    cond: _Column | Scalar | bool,
    left: _Column | _One,
    right: _Column | _One,
    /,
    *,
    memory_pool: MemoryPool | None = None,
) -> ChunkedArray: ...
@overload
def coalesce(*values: Array | _One, memory_pool: MemoryPool | None = None) -> Array: ...  # type: ignore[overload-overlap]
@overload
def coalesce(*values: _Column | _One, memory_pool: MemoryPool | None = None) -> ChunkedArray: ...
@overload
def case_when(cond: StructArray, /, *cases: Array | _One, memory_pool: MemoryPool | None = None) -> Array: ...  # type: ignore[overload-overlap]
@overload
def case_when(cond: _Column, /, *cases: _Column | _One, memory_pool: MemoryPool | None = None) -> ChunkedArray: ...
@overload
def choose(indices: Array | _One, /, *values: Array | _One, memory_pool: MemoryPool | None = None) -> Array: ...  # type: ignore[overload-overlap]
@overload
def choose(
    indices: _Column | _One, /, *values: _Column | _One, memory_pool: MemoryPool | None = None
) -> ChunkedArray: ...
@overload
def fill_null(values: _A, fill_value: Array | _One) -> _A: ...
@overload
def fill_null(values: ChunkedArray, fill_value: _Column | _One) -> ChunkedArray: ...
@overload
def fill_null(values: Scalar, fill_value: _One) -> Scalar: ...
def fill_null_backward(values: _C, /, *, memory_pool: MemoryPool | None = None) -> _C: ...
def fill_null_forward(values: _C, /, *, memory_pool: MemoryPool | None = None) -> _C: ...
@overload
def is_null(values: Array, /, *, nan_is_null: bool = False) -> BooleanArray: ...
@overload
def is_null(values: ChunkedArray, /, *, nan_is_null: bool = False) -> ChunkedArray: ...
@overload
def is_null(values: Scalar, /, *, nan_is_null: bool = False) -> BooleanScalar: ...
@overload
def is_in(values: Array, /, value_set: _Column | Sequence[_Python], *, skip_nulls: bool = False) -> BooleanArray: ...
@overload
def is_in(
    values: ChunkedArray, /, value_set: _Column | Sequence[_Python], *, skip_nulls: bool = False
) -> ChunkedArray: ...
@overload
def index_in(values: Array, /, value_set: _Column | Sequence[_Python], *, skip_nulls: bool = False) -> IntegerArray: ...
@overload
def index_in(
    values: ChunkedArray, /, value_set: _Column | Sequence[_Python], *, skip_nulls: bool = False
) -> ChunkedArray: ...
def index(
    data: _Column,
    value: _One,
    start: int | None = None,
    end: int | None = None,
    *,
    memory_pool: MemoryPool | None = None,
) -> Int64Scalar: ...
def search_sorted(
    values: _Column, needles: _Column | _One, /, side: Literal["left", "right"] = "left"
) -> IntegerArray: ...
def cast(
    arr: _V,
    target_type: DataType | str | None = None,
    safe: bool | None = None,
    *,
    memory_pool: MemoryPool | None = None,
) -> _V: ...
def round(x: _V, /, ndigits: int = 0, round_mode: _Rounding = "half_to_even") -> _V: ...
def round_to_multiple(x: _V, /, multiple: float | Scalar = 1.0, round_mode: _Rounding = "half_to_even") -> _V: ...
def pairwise_diff(input: Array, /, period: int = 1) -> Array: ...

# Texts
@overload
def binary_join_element_wise(  # type: ignore[overload-overlap]
    *strings: Array | _One, null_handling: _Skip = "emit_null", null_replacement: str = ""
) -> Array: ...
@overload
def binary_join_element_wise(
    *strings: _Column | _One, null_handling: _Skip = "emit_null", null_replacement: str = ""
) -> ChunkedArray: ...
@overload
def binary_join(
    strings: Array, separator: _Column | _One, /, *, memory_pool: MemoryPool | None = None
) -> StringArray | LargeStringArray | BinaryArray: ...
@overload
def binary_join(
    strings: ChunkedArray, separator: _Column | _One, /, *, memory_pool: MemoryPool | None = None
) -> ChunkedArray: ...
def binary_repeat(strings: _V, num_repeats: _Column | _One, /, *, memory_pool: MemoryPool | None = None) -> _V: ...
def binary_replace_slice(strings: _V, /, start: int, stop: int, replacement: str | bytes) -> _V: ...
def binary_slice(strings: _V, /, start: int, stop: int | None = None, step: int = 1) -> _V: ...
def extract_regex(strings: Array, /, pattern: str) -> StructArray: ...
def replace_substring(
    strings: _V, /, pattern: str | bytes, replacement: str | bytes, *, max_replacements: int | None = None
) -> _V: ...
def replace_substring_regex(
    strings: _V, /, pattern: str | bytes, replacement: str | bytes, *, max_replacements: int | None = None
) -> _V: ...
def utf8_normalize(strings: _V, /, form: Literal["NFC", "NFKC", "NFD", "NFKD"]) -> _V: ...
def utf8_replace_slice(strings: _V, /, start: int, stop: int, replacement: str) -> _V: ...
def utf8_slice_codeunits(strings: _V, /, start: int, stop: int | None = None, step: int = 1) -> _V: ...
def utf8_zero_fill(strings: _V, /, width: int, padding: str = "0") -> _V: ...

# Times
def assume_timezone(
    timestamps: _V,
    /,
    timezone: str,
    *,
    ambiguous: Literal["raise", "earliest", "latest"] = "raise",
    nonexistent: Literal["raise", "earliest", "latest"] = "raise",
) -> _V: ...
def day_of_week(values: _V, /, *, count_from_zero: bool = True, week_start: int = 1) -> _V: ...
def strftime(timestamps: _V, /, format: str = "%Y-%m-%dT%H:%M:%S", locale: str = "C") -> _V: ...
def strptime(strings: _V, /, format: str, unit: str, error_is_null: bool = False) -> _V: ...

# Lists, structs, dictionaries
def dictionary_decode(dictionary_array: _C, /, *, memory_pool: MemoryPool | None = None) -> _C: ...
@overload
def dictionary_encode(array: Array, /, null_encoding: Literal["mask", "encode"] = "mask") -> DictionaryArray: ...
@overload
def dictionary_encode(array: ChunkedArray, /, null_encoding: Literal["mask", "encode"] = "mask") -> ChunkedArray: ...
def list_element(lists: _C, index: _Column | _One, /, *, memory_pool: MemoryPool | None = None) -> _C: ...
def list_flatten(lists: _C, /, recursive: bool = False) -> _C: ...
@overload
def list_parent_indices(lists: Array, /, *, memory_pool: MemoryPool | None = None) -> Int64Array: ...
@overload
def list_parent_indices(lists: ChunkedArray, /, *, memory_pool: MemoryPool | None = None) -> ChunkedArray: ...
def list_slice(
    lists: _C, /, start: int, stop: int | None = None, step: int = 1, return_fixed_size_list: bool | None = None
) -> _C: ...
def make_struct(*args: Array | _One, field_names: Sequence[str] = ()) -> StructArray: ...
def run_end_decode(array: _C, /, *, memory_pool: MemoryPool | None = None) -> _C: ...
def run_end_encode(array: _C, /, run_end_type: DataType = ...) -> _C: ...
def struct_field(values: _V, /, indices: int | str | Sequence[int | str]) -> _V: ...

# Rows chosen and put in order
def drop_null(input: _C, /, *, memory_pool: MemoryPool | None = None) -> _C: ...
@overload
def filter(
    input: _A, selection_filter: _Mask, /, null_selection_behavior: Literal["drop", "emit_null"] = "drop"
) -> _A: ...
@overload
def filter(
    input: ChunkedArray,
    selection_filter: _Mask | ChunkedArray,
    /,
    null_selection_behavior: Literal["drop", "emit_null"] = "drop",
) -> ChunkedArray: ...
@overload
def take(data: _A, indices: _Indices, *, boundscheck: bool = True, memory_pool: MemoryPool | None = None) -> _A: ...
@overload
def take(
    data: ChunkedArray,
    indices: _Indices | ChunkedArray,
    *,
    boundscheck: bool = True,
    memory_pool: MemoryPool | None = None,
) -> ChunkedArray: ...
def indices_nonzero(values: _Column, /, *, memory_pool: MemoryPool | None = None) -> IntegerArray: ...
def inverse_permutation(
    indices: Array, /, max_index: int = -1, output_type: DataType | None = None
) -> IntegerArray: ...
def replace_with_mask(values: _C, mask: _Column | Scalar | bool, replacements: _Column | _One, /) -> _C: ...
def scatter(values: Array, indices: Array, /, max_index: int = -1) -> Array: ...
def array_sort_indices(
    array: Array, /, order: _Order = "ascending", *, null_placement: _Nulls = "at_end"
) -> IntegerArray: ...
def sort_indices(
    input: _Column | RecordBatch | Table,
    /,
    sort_keys: _Order | Sequence[tuple[str, _Order]] = (),
    *,
    null_placement: _Nulls | None = None,
) -> IntegerArray: ...
def rank(
    input: _Column,
    /,
    sort_keys: _Order = "ascending",
    *,
    null_placement: _Nulls | None = None,
    tiebreaker: Literal["min", "max", "first", "dense"] = "first",
) -> IntegerArray: ...

# Counts
def count(array: _Column, /, mode: Literal["only_valid", "only_null", "all"] = "only_valid") -> _CountScalar: ...
def count_distinct(
    array: _Column, /, mode: Literal["only_valid", "only_null", "all"] = "only_valid"
) -> _CountScalar: ...
@overload
def unique(array: _A, /, *, memory_pool: MemoryPool | None = None) -> _A: ...
@overload
def unique(array: ChunkedArray, /, *, memory_pool: MemoryPool | None = None) -> Array: ...
def value_counts(array: _Column, /, *, memory_pool: MemoryPool | None = None) -> StructArray: ...
def mode(array: _Column, /, n: int = 1, *, skip_nulls: bool = True, min_count: int = 0) -> StructArray: ...
def quantile(
    array: _Column,
    /,
    q: float | Sequence[float] = 0.5,
    *,
    interpolation: Literal["linear", "lower", "higher", "nearest", "midpoint"] = "linear",
    skip_nulls: bool = True,
    min_count: int = 0,
) -> Array: ...
def stddev(array: _Column, /, *, ddof: int = 0, skip_nulls: bool = True, min_count: int = 0) -> Scalar: ...
def variance(array: _Column, /, *, ddof: int = 0, skip_nulls: bool = True, min_count: int = 0) -> Scalar: ...

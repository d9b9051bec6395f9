# The same API in Rust, where a wheel fits the machine.
from phonenumbers import (
    SUPPORTED_REGIONS as SUPPORTED_REGIONS,
)
from phonenumbers import (
    NumberParseException as NumberParseException,
)
from phonenumbers import (
    PhoneNumber as PhoneNumber,
)
from phonenumbers import (
    ValidationResult as ValidationResult,
)
from phonenumbers import (
    country_code_for_region as country_code_for_region,
)
from phonenumbers import (
    is_possible_number as is_possible_number,
)
from phonenumbers import (
    is_possible_number_with_reason as is_possible_number_with_reason,
)
from phonenumbers import (
    is_valid_number as is_valid_number,
)
from phonenumbers import (
    national_significant_number as national_significant_number,
)
from phonenumbers import (
    parse as parse,
)

"""What a reply of Meta's means: accepted, retry in n seconds, isolate, stop."""

from importer.core.replies.answers import parse_answer
from importer.core.replies.reply_table import RETRIES, RULES, SUBCODES, Action, NetworkFault, Rule
from importer.core.replies.response import GraphResponse
from importer.core.replies.verdict import Verdict, verdict

__all__ = [
    "RETRIES",
    "RULES",
    "SUBCODES",
    "Action",
    "GraphResponse",
    "NetworkFault",
    "Rule",
    "Verdict",
    "parse_answer",
    "verdict",
]

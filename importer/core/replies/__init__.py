"""What a reply means: accepted, try again in n seconds, isolate, stop."""

from importer.core.replies.answers import reading
from importer.core.replies.reply import Reply
from importer.core.replies.reply_table import RETRIES, RULES, SUBCODES, Action, Fault, Rule
from importer.core.replies.verdict import Verdict, verdict

__all__ = ["RETRIES", "RULES", "SUBCODES", "Action", "Fault", "Reply", "Rule", "Verdict", "reading", "verdict"]

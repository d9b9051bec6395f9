"""The Graph API: requests, the reading side, and what is asked before sending."""

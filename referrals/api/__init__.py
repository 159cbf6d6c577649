"""The referrals API: see docs/api.md and the OpenAPI document."""

"""How referrals look: plain values for templates, no queries of their own."""

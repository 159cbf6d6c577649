"""Who may perform which technique where, and the certificate of it."""

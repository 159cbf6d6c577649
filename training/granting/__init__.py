"""Applications for a privilege, the committee and its decision."""

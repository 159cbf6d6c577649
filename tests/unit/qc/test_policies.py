"""What is refused to whom, asked of the policy itself."""

import pytest
from django.core.exceptions import PermissionDenied

from qc.policies import insist


def test_to_insist_is_to_refuse():
    insist(True)
    with pytest.raises(PermissionDenied):
        insist(False)

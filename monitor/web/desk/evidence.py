"""All that proves one change, as the file that `monitor evidence` writes: for whoever may read the change.

Does not do: choosing what is in it, checking it (`monitor.evidence`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from monitor.evidence.bundle import pack
from monitor.evidence.dossier import gather
from monitor.web.serving import serve

if TYPE_CHECKING:
    from monitor.web.serving import Visit

MEDIA_TYPE = "application/zip"


def download_evidence(visit: Visit) -> Response:
    return send_evidence(visit, visit.request.path_params["change_id"])


def send_evidence(visit: Visit, change_id: int) -> Response:
    """Raises NotFoundError, and EvidenceError where anything of it is not as it was sealed."""
    headers = {"Content-Disposition": f'attachment; filename="change-{change_id}.zip"'}
    return Response(pack(gather(visit.db, change_id, visit.now)), media_type=MEDIA_TYPE, headers=headers)


ROUTES = [Route("/changes/{change_id:number}/evidence.zip", serve(download_evidence))]

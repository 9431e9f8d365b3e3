-- An agent is one person who answers mail, active or not; never how that person signs in.
create view report.agents as
select
    id as agent_id,
    email as agent,
    name,
    is_admin,
    is_active,
    created_at,
    deactivated_at
from main.agents;

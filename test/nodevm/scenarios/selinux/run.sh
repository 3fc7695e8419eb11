#!/bin/sh
# A node on which SELinux enforces, as on Azure Container Linux. The agent does its whole work as spc_t, which is what the chart asks for. As container_t,
# which a container gets that asks for nothing, it may not touch the node's files: it says so, and under which label.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
# shellcheck source=../../pod.sh
. /mnt/x/pod.sh
# shellcheck source=../../mainjob.sh
. /mnt/x/mainjob.sh

must "SELinux enforces on this node" same "$lsm" selinux
pod_is default
container_insights
install_node
main_job default 'system_u:system_r:spc_t:s0:c123,c456'

say "== container_t"
pod_is container_t
must "the agent starts" pod_start
cat /tmp/must.log
eventually 20 "it names the label" grep -E 'EACCES.*container_t' "$log"
sed -n '$p' /tmp/must.log | cut -c1-500
must_not "it is not ready" pod_ready
pod_stop

pod_is default
uninstall_node

#!/bin/sh
# A node on which AppArmor enforces. The agent does its whole work under the profile that containerd gives to a container that asks for none, which is what
# the chart's defaults come to; and under our own profile (deploy/apparmor), which allows what it needs and no more.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
# shellcheck source=../../pod.sh
. /mnt/x/pod.sh
# shellcheck source=../../mainjob.sh
. /mnt/x/mainjob.sh

must "AppArmor enforces on this node" same "$lsm" apparmor
pod_is default
container_insights
install_node
main_job default 'cri-containerd.apparmor.d (enforce)'
must "our own profile is loaded" apparmor_parser --replace /mnt/x/apparmor/aks-auditd
main_job own 'aks-auditd (enforce)'
uninstall_node

# shellcheck shell=bash disable=SC2034
# Sourced: where the cluster is. One runs on a machine at a time: whoever starts one holds $cluster_lock until it is down.
cluster=${AKS_AUDITD_CLUSTER:-${TMPDIR:-/tmp}/aks-auditd-cluster} # everything that is written while it runs
cluster_lock=/run/lock/aks-auditd-cluster
node=127.0.0.1 # the node's name; as an address it is its InternalIP too
containerd_socket=$cluster/run/containerd.sock
KUBECONFIG=$cluster/kubeconfig/admin

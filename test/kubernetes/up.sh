#!/usr/bin/env bash
# Starts a real Kubernetes with one node on 127.0.0.1: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, containerd, kubelet.
# containerd and kubelet live in a mount namespace of their own, so nothing that they mount is seen outside.
#   up.sh    prints what to export when the node is Ready; down.sh ends it. A failed start cleans up after itself.
#   SYNC_FREQUENCY=10s    how long a changed ConfigMap may take to reach a pod (a kubelet's own default is 1m)
#   CLUSTER_WAIT=900      seconds to wait for another cluster on this machine to end
#   CLUSTER_OWNER=PID     whose cluster it is: the next up.sh ends it when that process is gone
# Needs root and, by Debian package name: containerd runc etcd-server containernetworking-plugins iptables openssl curl; apparmor where the kernel has it on.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=settings.sh
. "$here/settings.sh"
export KUBECONFIG

api_port=6443 etcd_port=2379 etcd_peer_port=2380 kubelet_port=10250
logs=$cluster/log
started=$(date +%s%N)
say() { local ms=$((($(date +%s%N) - started) / 1000000)); printf '[%3d.%d s] %s\n' $((ms / 1000)) $((ms % 1000 / 100)) "$*"; }

bin=$("$here/build.sh")
PATH=$("$here/tools.sh"):$PATH

# etcd alone inherits the lock, so it is held exactly as long as there is a cluster. The lock's file says where that is, and whose:
# a cluster whose owner has been killed is nobody's.
mkdir -p "${cluster_lock%/*}"
exec 9<>"$cluster_lock"
for ((waited = 0; ; waited += 2)); do
  flock -n 9 && break
  read -r owner place <"$cluster_lock" || true
  if [ -n "${place:-}" ] && [ "$owner" != 0 ] && ! kill -0 "$owner" 2>/dev/null; then
    say "ending the cluster that a killed run left in $place"
    AKS_AUDITD_CLUSTER=$place "$here/down.sh" 9>&-
  fi
  [ $waited != 0 ] || say "a cluster is up on this machine already, in ${place:-some folder}: waiting for its end"
  [ $waited -lt "${CLUSTER_WAIT:-900}" ] || { say "it did not end"; exit 1; }
  sleep 2
done
printf '%-10s %s\n' "${CLUSTER_OWNER:-0}" "$cluster" >"$cluster_lock"
"$here/down.sh" # what a run left that died while it was starting
trap 'say "could not start the cluster"; "$here/down.sh"' EXIT

mkdir -p "$cluster"/{pids,log,pki,etcd,kubelet,containerd,run,cni,varlog/pods,varlog/containers,images,kubeconfig,sysctl}
chmod 700 "$cluster/etcd" "$cluster/pki"

start() { # NAME COMMAND…
  local name=$1; shift
  if [ "$name" = etcd ]; then
    setsid "$@" >"$logs/$name.log" 2>&1 </dev/null &
  else
    setsid "$@" >"$logs/$name.log" 2>&1 </dev/null 9>&- &
  fi
  echo $! >"$cluster/pids/$name.pid"
}

alive() { kill -0 "$(cat "$cluster/pids/$1.pid")" 2>/dev/null || { say "$1 died:"; tail -n 20 "$logs/$1.log"; exit 1; }; }

# until_ok NAME SECONDS COMMAND…: waits for COMMAND; gives up early when the process NAME dies.
until_ok() {
  local name=$1 seconds=$2 i; shift 2
  for ((i = 0; i < seconds * 5; i++)); do
    "$@" >/dev/null 2>&1 && return 0
    alive "$name"
    sleep 0.2
  done
  say "not after $seconds s: $*"
  tail -n 20 "$logs/$name.log"
  exit 1
}

certificate() { # NAME SUBJECT EXTENSION
  openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" -extfile <(echo "$3") 2>/dev/null
}

certificates() {
  cd "$cluster/pki"
  openssl ecparam -name prime256v1 -genkey -noout -out ca.key
  openssl req -x509 -new -key ca.key -subj /CN=aks-auditd-test-ca -days 30 -out ca.crt
  local user client='extendedKeyUsage=clientAuth' names=IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes
  certificate apiserver /CN=kube-apiserver "subjectAltName=$names,DNS:kubernetes.default,DNS:kubernetes.default.svc"
  certificate kubelet-server "/CN=$node" "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:$(hostname)"
  certificate apiserver-kubelet-client /O=system:masters/CN=apiserver-kubelet-client "$client"
  certificate admin /O=system:masters/CN=admin "$client"
  certificate controller-manager /CN=system:kube-controller-manager "$client"
  certificate scheduler /CN=system:kube-scheduler "$client"
  certificate kubelet "/O=system:nodes/CN=system:node:$node" "$client"
  openssl genrsa -out sa.key 2048 2>/dev/null
  openssl rsa -in sa.key -pubout -out sa.pub 2>/dev/null
  cd - >/dev/null
  for user in admin controller-manager scheduler kubelet; do
    cat >"$cluster/kubeconfig/$user" <<END
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "https://127.0.0.1:$api_port", certificate-authority: $cluster/pki/ca.crt}}]
users: [{name: $user, user: {client-certificate: $cluster/pki/$user.crt, client-key: $cluster/pki/$user.key}}]
contexts: [{name: test, context: {cluster: test, user: $user}}]
current-context: test
END
  done
}

start_etcd() {
  start etcd env ETCD_UNSUPPORTED_ARCH="$(dpkg --print-architecture)" etcd --name test --data-dir "$cluster/etcd" --logger zap \
    --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
    --listen-peer-urls "http://127.0.0.1:$etcd_peer_port" --initial-advertise-peer-urls "http://127.0.0.1:$etcd_peer_port" \
    --initial-cluster "test=http://127.0.0.1:$etcd_peer_port"
  until_ok etcd 30 curl -sf "http://127.0.0.1:$etcd_port/health"
}

start_apiserver() {
  local pki=$cluster/pki
  start kube-apiserver "$bin/kube-apiserver" --bind-address=127.0.0.1 --secure-port="$api_port" \
    --endpoint-reconciler-type=none --etcd-servers="http://127.0.0.1:$etcd_port" \
    --service-cluster-ip-range=10.96.0.0/16 --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --allow-privileged=true --anonymous-auth=true --enable-bootstrap-token-auth=false \
    --client-ca-file="$pki/ca.crt" --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
    --kubelet-client-certificate="$pki/apiserver-kubelet-client.crt" --kubelet-client-key="$pki/apiserver-kubelet-client.key" \
    --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=Hostname,InternalIP \
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$pki/sa.pub" \
    --service-account-signing-key-file="$pki/sa.key" --v=2
}

apiserver_ready() {
  curl -sf --cacert "$cluster/pki/ca.crt" --cert "$cluster/pki/admin.crt" --key "$cluster/pki/admin.key" "https://127.0.0.1:$api_port/readyz"
}

start_containerd() {
  # Where the kernel enforces AppArmor, containers get containerd's default profile, as on an AKS node. Without it containerd must be told.
  local apparmor_off=true
  [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" != Y ] || apparmor_off=false
  cat >"$cluster/containerd.toml" <<END
version = 2
root = "$cluster/containerd"
state = "$cluster/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.opt"]
[grpc]
  address = "$containerd_socket"
[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
  disable_apparmor = $apparmor_off
  tolerate_missing_hugetlb_controller = true
  sandbox_image = "test.local/pause:1"
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$cluster/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
END
  cat >"$cluster/cni/10-test.conflist" <<END
{"cniVersion": "0.3.1", "name": "test", "plugins": [
  {"type": "ptp", "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.88.77.0/24"}]], "dataDir": "$cluster/run/cni-ipam"}}]}
END
  # The kubelet insists on these; in its mount namespace they are files, the machine's own settings stay.
  printf '10\n' >"$cluster/sysctl/panic"
  printf '1\n' >"$cluster/sysctl/panic_on_oops"
  printf '1\n' >"$cluster/sysctl/overcommit_memory"
  printf '0\n' >"$cluster/sysctl/panic_on_oom"
  printf '1000000\n' >"$cluster/sysctl/root_maxkeys"
  printf '25000000\n' >"$cluster/sysctl/root_maxbytes"
  mkdir -p /var/log/pods /var/log/containers /var/lib/kubelet
  cat >"$cluster/on-the-node" <<END
#!/usr/bin/env bash
set -e
mount --make-rprivate /
mount --make-rshared /
for name in kernel/panic kernel/panic_on_oops vm/overcommit_memory vm/panic_on_oom kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
  mount --bind "$cluster/sysctl/\${name##*/}" "/proc/sys/\$name"
done
mount --bind "$cluster/varlog/pods" /var/log/pods
mount --bind "$cluster/varlog/containers" /var/log/containers
mount --bind "$cluster/kubelet" /var/lib/kubelet
exec "\$@"
END
  chmod +x "$cluster/on-the-node"
  start containerd unshare --mount --propagation private "$cluster/on-the-node" containerd --config "$cluster/containerd.toml"
  local ctr=(ctr -a "$containerd_socket" -n k8s.io) root
  until_ok containerd 30 "${ctr[@]}" version
  root=$(mktemp -d)
  cp "$bin/pause" "$root/pause"
  "$here/mkimage.sh" test.local/pause:1 "$cluster/images/pause.tar" "$root" /pause
  rm -rf "$root"
  "${ctr[@]}" images import --snapshotter overlayfs "$cluster/images/pause.tar" >/dev/null
}

start_controllers() {
  local config=$cluster/kubeconfig
  start kube-controller-manager "$bin/kube-controller-manager" --bind-address=127.0.0.1 --port=0 --leader-elect=false \
    --kubeconfig="$config/controller-manager" --authentication-kubeconfig="$config/controller-manager" \
    --authorization-kubeconfig="$config/controller-manager" --use-service-account-credentials=true \
    --service-account-private-key-file="$cluster/pki/sa.key" --root-ca-file="$cluster/pki/ca.crt" \
    --cluster-signing-cert-file="$cluster/pki/ca.crt" --cluster-signing-key-file="$cluster/pki/ca.key" --v=2
  start kube-scheduler "$bin/kube-scheduler" --bind-address=127.0.0.1 --port=0 --leader-elect=false \
    --kubeconfig="$config/scheduler" --authentication-kubeconfig="$config/scheduler" --authorization-kubeconfig="$config/scheduler" --v=2
}

start_kubelet() {
  cat >"$cluster/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
port: $kubelet_port
readOnlyPort: 0
healthzBindAddress: 127.0.0.1
healthzPort: 10248
tlsCertFile: $cluster/pki/kubelet-server.crt
tlsPrivateKeyFile: $cluster/pki/kubelet-server.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $cluster/pki/ca.crt}}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupsPerQOS: true
enforceNodeAllocatable: [pods]
failSwapOn: false
protectKernelDefaults: true
makeIPTablesUtilChains: false
hairpinMode: none
oomScoreAdj: 0
registerNode: true
clusterDomain: cluster.local
resolvConf: /etc/resolv.conf
syncFrequency: ${SYNC_FREQUENCY:-10s}
fileCheckFrequency: 20s
nodeStatusUpdateFrequency: 2s
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: "50Mi", nodefs.available: "0%", nodefs.inodesFree: "0%", imagefs.available: "0%"}
END
  # Kept as a script: a scenario that kills the kubelet starts it again with it.
  cat >"$cluster/kubelet.sh" <<END
#!/usr/bin/env bash
exec nsenter --target "$(cat "$cluster/pids/containerd.pid")" --mount "$bin/kubelet" \\
  --config="$cluster/kubelet.yaml" --kubeconfig="$cluster/kubeconfig/kubelet" --hostname-override="$node" \\
  --root-dir="$cluster/kubelet" --cert-dir="$cluster/kubelet/pki" --volume-plugin-dir="$cluster/kubelet/volume-plugins" \\
  --container-runtime=remote --container-runtime-endpoint="unix://$containerd_socket" --v=2
END
  chmod +x "$cluster/kubelet.sh"
  start kubelet "$cluster/kubelet.sh"
}

certificates
say "certificates"
start_etcd
say "etcd"
start_apiserver
start_containerd
say "containerd"
until_ok kube-apiserver 120 apiserver_ready
say "kube-apiserver"
start_controllers
start_kubelet
until_ok kubelet 60 kubectl get node "$node"
until_ok kubelet 90 kubectl wait --for=condition=Ready "node/$node" --timeout=1s
say "node Ready"
until_ok kube-controller-manager 60 kubectl get serviceaccount default
for name in kube-controller-manager kube-scheduler kube-apiserver kubelet containerd etcd; do alive "$name"; done
trap - EXIT
say "up: export KUBECONFIG=$KUBECONFIG; ends with $here/down.sh"

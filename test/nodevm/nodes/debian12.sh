# shellcheck shell=bash disable=SC2034
# Sourced by machine.sh: what the scenarios' node is made of, unless they ask for another one. AppArmor enforces, as on AKS's Ubuntu and Azure Linux nodes;
# containerd is what writes and loads the profile that a container without one gets there.
suite=bookworm
# What the node has beside what every node has (build.sh), by package name.
packages=(apparmor containerd)
# What it can install, with dependencies, from the package repository inside it.
offered=(auditd audispd-plugins)
# The kernel's arguments beside those of every node (machine.sh).
arguments=""

# configure_node ROOT: the last step of the build.
configure_node() { :; }

#!/bin/busybox sh
# The guest's first process: mounts the host's files, runs the job that the
# kernel's command line names, and ends the machine.
b=/bin/busybox
$b mount -t devtmpfs dev /dev
$b mount -t proc proc /proc
for m in /m/*.ko; do $b insmod "$m" 2>/dev/null; done
$b mount -t virtiofs host /host || { echo "no virtiofs"; $b reboot -f; }
$b mount -t proc proc /host/proc
$b mount -t sysfs sysfs /host/sys
$b mount --bind /dev /host/dev
$b mount -t bpf bpf /host/sys/fs/bpf
$b mount -t cgroup2 cgroup2 /host/sys/fs/cgroup
$b mount -t debugfs debugfs /host/sys/kernel/debug
$b mount -t tracefs tracefs /host/sys/kernel/tracing
$b ip link set lo up
read -r line < /proc/cmdline
for word in $line; do case $word in bpfcc.job=*) job=${word#*=} ;; esac; done
$b chroot /host /bin/sh "$job/job.sh" </dev/null >"/host$job/out/stdout" 2>"/host$job/out/stderr"
echo $? >"/host$job/out/status"
$b sync
$b reboot -f

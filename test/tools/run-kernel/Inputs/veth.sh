# veth.sh OBJECT OUTPUT: a run that SIGTERM ends, then one that SIGKILL ends
ip link add veth0 type veth peer name veth1
ip link set veth0 up && ip link set veth1 up
wait_attached() {
  for i in $(seq 100); do grep -q at_tc "$1" && return; sleep 0.05; done
}
bpfcc run --kernel "$1" --iface veth0 > "$2" &
pid=$!
wait_attached "$2"
# Packets of the neighbour's side arrive at veth0.
python3 -c '
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("veth1", 0))
for n in range(5):
    s.send(b"\xff" * 6 + b"\x02" * 6 + b"\x88\xb5" + bytes(50))
'
sleep 0.2
kill -TERM $pid
wait $pid || exit 1
bpfcc run --kernel "$1" --iface veth0 > "$2.killed" &
pid=$!
wait_attached "$2.killed"
echo "while it runs"
bpftool net
kill -KILL $pid
wait $pid 2>/dev/null
sleep 0.5
echo "after SIGKILL"
bpftool net
echo end

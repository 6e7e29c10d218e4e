# veth.sh OBJECT: runs on veth0 while its neighbour sends frames
# No packets but those below.
echo 1 2> /dev/null > /proc/sys/net/ipv6/conf/default/disable_ipv6
ip link add veth0 type veth peer name veth1
ip link add veth2 type veth peer name veth3
ip link set veth0 up && ip link set veth1 up && ip link set veth2 up && ip link set veth3 up
index=$(python3 -c "import socket; print(socket.if_nametoindex('veth2'))")
bpfcc run "$1" --prog at_xdp --iface veth0 --count 4 --duration 20 \
  --map-update out "02000000=$(printf %02x "$index")000000" > "$1.report" &
pid=$!
python3 - "$1.frame" <<'EOF'
import socket, sys, time
peer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x88b6))
peer.bind(("veth1", 0x88b6))
peer.settimeout(20)
# Until the listener is there: its packet socket is in the list.
while sum("0003" in line for line in open("/proc/net/packet")) < 1:
    time.sleep(0.02)
time.sleep(0.2)
addresses = b"\xff" * 6 + b"\x06" * 6
send = lambda rest: peer.send(addresses + rest)
send(b"\x88\xb5" + bytes(50))
send(b"\x88\xb6" + bytes(50))
send(b"\x81\x00\x00\x05\x88\xb7" + bytes(50))
send(b"\x88\xb8" + bytes(50))
frame = peer.recv(2000)
with open(sys.argv[1], "w") as file:
    file.write(f"veth1 got {len(frame)} {frame[:1].hex()}\n")
EOF
wait $pid
status=$?
cat "$1.report"
echo "status $status"
cat "$1.frame"
echo "veth2 sent $(awk '$1 == "veth2:" { print $11 }' /proc/net/dev)"
bpfcc run "$1" --prog at_tc --iface veth0 --duration 0.2
echo "status $?"
bpfcc run "$1" --prog at_tc --iface veth0 > "$1.report" &
pid=$!
until grep -q 0003 /proc/net/packet; do sleep 0.02; done
sleep 0.1
kill -TERM $pid
wait $pid
status=$?
cat "$1.report"
echo "status $status"
bpfcc run "$1" --prog at_tc --iface nothing
echo "status $?"
setpriv --reuid=65534 --bounding-set=-all --inh-caps=-all \
  bpfcc run "$1" --prog at_tc --iface veth0
echo "status $?"

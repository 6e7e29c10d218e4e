#ifndef PARSE_H
#define PARSE_H

// The protocol of an IPv4 packet; 0 for other packets.
int protocol_of(struct xdp_md *ctx);

#endif

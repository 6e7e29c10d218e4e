#ifndef BPFCC_RUNTIME_HOOKS_PCAP_H
#define BPFCC_RUNTIME_HOOKS_PCAP_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bpfcc {

/// The Ethernet frames of a pcap or pcapng file, as captured. Error:
/// CannotOpen, or BadCapture for damage and other link types.
llvm::Expected<std::vector<std::vector<uint8_t>>>
readPcap(llvm::StringRef Path);

/// The name and version of the library that reads captures.
std::string pcapVersion();

} // namespace bpfcc

#endif

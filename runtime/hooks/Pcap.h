#ifndef BPFCC_RUNTIME_HOOKS_PCAP_H
#define BPFCC_RUNTIME_HOOKS_PCAP_H

#include "runtime/hooks/Frames.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace bpfcc {

/// The Ethernet frames of a pcap or pcapng file, as captured. Error:
/// CannotOpen, or BadCapture for damage, other link types, and pcapng files
/// with interfaces of different link types or snapshot lengths.
llvm::Expected<Frames> readPcap(llvm::StringRef Path);

/// The name and version of the library that reads captures.
std::string pcapVersion();

} // namespace bpfcc

#endif

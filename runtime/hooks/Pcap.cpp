#include "runtime/hooks/Pcap.h"

#include "support/Diagnostic.h"

#include <pcap/pcap.h>

#include <cerrno>
#include <cstring>
#include <memory>

using namespace llvm;

namespace bpfcc {

Expected<Frames> readPcap(StringRef Path) {
  FILE *File = std::fopen(Path.str().c_str(), "rb");
  if (!File)
    return diagError(DiagCode::CannotOpen, {}, Path, std::strerror(errno));
  char Text[PCAP_ERRBUF_SIZE] = {};
  pcap_t *Handle = pcap_fopen_offline_with_tstamp_precision(
      File, PCAP_TSTAMP_PRECISION_NANO, Text);
  if (!Handle) {
    std::fclose(File);
    return diagError(DiagCode::BadCapture, {Path.str(), 0, 0}, StringRef(Text));
  }
  std::unique_ptr<pcap_t, void (*)(pcap_t *)> Capture(Handle, pcap_close);
  if (int Type = pcap_datalink(Handle); Type != DLT_EN10MB) {
    const char *Name = pcap_datalink_val_to_name(Type);
    return diagError(DiagCode::BadCapture, {Path.str(), 0, 0},
                     "its link type is " +
                         (Name ? std::string(Name) : std::to_string(Type)) +
                         ", only Ethernet (EN10MB) can be run");
  }
  Frames Read;
  for (;;) {
    pcap_pkthdr *Header = nullptr;
    const u_char *Bytes = nullptr;
    int Result = pcap_next_ex(Handle, &Header, &Bytes);
    if (Result == PCAP_ERROR_BREAK)
      return Read;
    if (Result != 1)
      return diagError(DiagCode::BadCapture, {Path.str(), 0, 0},
                       "after " + std::to_string(Read.size()) +
                           " packets: " + pcap_geterr(Handle));
    // In tv_usec stand nanoseconds, as asked for.
    Read.add({Bytes, Header->caplen}, uint64_t(Header->ts.tv_sec) * 1000000000 +
                                          uint64_t(Header->ts.tv_usec));
  }
}

std::string pcapVersion() { return pcap_lib_version(); }

} // namespace bpfcc

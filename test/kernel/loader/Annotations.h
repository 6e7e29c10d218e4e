#ifndef BPFCC_TEST_KERNEL_LOADER_ANNOTATIONS_H
#define BPFCC_TEST_KERNEL_LOADER_ANNOTATIONS_H

#include <bpf/btf.h>
#include <cstdint>
#include <string>
#include <vector>

namespace bpfcc {

/// What a kernel selftest says of one of its programs in BTF declaration tags
/// (`__success`, `__failure`, `__msg`, `__flag`, `__log_level`).
struct Annotations {
  enum Expectation { None, Success, Failure };
  Expectation Expected = None;
  uint32_t Flags = 0;    ///< BPF_F_* to load it with
  uint32_t LogLevel = 1; ///< for the messages
  /// What the verifier's log has to say, in this order; `{{...}}` is an
  /// extended regular expression.
  std::vector<std::string> Messages;
};

Annotations readAnnotations(const btf *Types, const char *Program);

/// Whether \p Log holds \p Messages one after the other.
bool hasMessages(const std::string &Log,
                 const std::vector<std::string> &Messages);

} // namespace bpfcc

#endif

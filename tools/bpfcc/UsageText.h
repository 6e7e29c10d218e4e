#ifndef BPFCC_TOOLS_BPFCC_USAGETEXT_H
#define BPFCC_TOOLS_BPFCC_USAGETEXT_H

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace bpfcc::tools {

/// What a command's --help says, taken apart: the manual page and the shells'
/// completion are made of it.
struct UsageText {
  std::vector<std::string> Synopsis; ///< without `usage: `
  /// A paragraph, or a row `  --pcap FILE   run on ...`.
  struct Item {
    std::string Term; ///< `--pcap FILE`; empty for paragraphs
    std::string Text;
  };
  std::vector<Item> Items;
};

UsageText readUsage(llvm::StringRef Text);

/// The options of a row as they are typed: `--jit off|template` is `--jit`,
/// `--cache-dir=FOLDER` is `--cache-dir=`, `-L, --light` are two. A row that
/// begins with a word gives that word.
std::vector<std::string> wordsOf(const UsageText::Item &I);

} // namespace bpfcc::tools

#endif

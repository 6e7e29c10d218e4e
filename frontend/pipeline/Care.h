#ifndef BPFCC_FRONTEND_PIPELINE_CARE_H
#define BPFCC_FRONTEND_PIPELINE_CARE_H

#include <map>
#include <string>

namespace bpfcc {

/// What is given up in functions that a verifier refuses as they were made.
enum class Care {
  KeepPlace, ///< no pass moves code, or merges it, across branches
  Least,     ///< the passes of -O0 alone
};

/// By program, which stands for all functions that it reaches.
using CareOf = std::map<std::string, Care>;

} // namespace bpfcc

#endif

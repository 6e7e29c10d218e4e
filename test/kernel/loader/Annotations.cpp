#include "Annotations.h"

#include <cstdlib>
#include <cstring>
#include <linux/bpf.h>
#include <regex.h>

using namespace bpfcc;

static const struct {
  const char *Name;
  uint32_t Bit;
} LoadFlags[] = {
    {"BPF_F_STRICT_ALIGNMENT", 1 << 0},    {"BPF_F_ANY_ALIGNMENT", 1 << 1},
    {"BPF_F_TEST_RND_HI32", 1 << 2},       {"BPF_F_TEST_STATE_FREQ", 1 << 3},
    {"BPF_F_SLEEPABLE", 1 << 4},           {"BPF_F_XDP_HAS_FRAGS", 1 << 5},
    {"BPF_F_TEST_REG_INVARIANTS", 1 << 7},
};

/// What follows \p Prefix in \p Text, or null.
static const char *after(const char *Text, const char *Prefix) {
  size_t Size = std::strlen(Prefix);
  return std::strncmp(Text, Prefix, Size) == 0 ? Text + Size : nullptr;
}

static void readTag(const char *Tag, Annotations &A) {
  if (std::strcmp(Tag, "comment:test_expect_failure") == 0)
    A.Expected = Annotations::Failure;
  else if (std::strcmp(Tag, "comment:test_expect_success") == 0)
    A.Expected = Annotations::Success;
  else if (const char *Level = after(Tag, "comment:test_log_level="))
    A.LogLevel = uint32_t(std::strtoul(Level, nullptr, 0)) | 1;
  else if (const char *Message = after(Tag, "comment:test_expect_msg=")) {
    // A number comes first, so that equal messages are different tags.
    char *End;
    std::strtoul(Message, &End, 10);
    A.Messages.push_back(End != Message && *End == '=' ? End + 1 : Message);
  } else if (const char *Flag = after(Tag, "comment:test_prog_flags=")) {
    bool Clear = *Flag == '!';
    Flag += Clear;
    uint32_t Bits = uint32_t(std::strtoul(Flag, nullptr, 0));
    for (const auto &F : LoadFlags)
      if (std::strcmp(Flag, F.Name) == 0)
        Bits = F.Bit;
    A.Flags = Clear ? A.Flags & ~Bits : A.Flags | Bits;
  }
}

Annotations bpfcc::readAnnotations(const btf *Types, const char *Program) {
  Annotations A;
  int Function =
      Types ? btf__find_by_name_kind(Types, Program, BTF_KIND_FUNC) : -1;
  for (uint32_t Id = 1; Function > 0 && Id < btf__type_cnt(Types); ++Id) {
    const btf_type *T = btf__type_by_id(Types, Id);
    if (btf_is_decl_tag(T) && T->type == uint32_t(Function) &&
        btf_decl_tag(T)->component_idx == -1)
      readTag(btf__name_by_offset(Types, T->name_off), A);
  }
  return A;
}

/// \p Message as one extended regular expression.
static std::string asRegex(const std::string &Message) {
  std::string Result;
  bool Inside = false;
  for (size_t I = 0; I < Message.size(); ++I) {
    if (Message.compare(I, 2, Inside ? "}}" : "{{") == 0) {
      Inside = !Inside;
      ++I;
      continue;
    }
    if (!Inside && std::strchr(".[]\\()*+?{}|^$", Message[I]))
      Result += '\\';
    Result += Message[I];
  }
  return Result;
}

bool bpfcc::hasMessages(const std::string &Log,
                        const std::vector<std::string> &Messages) {
  const char *At = Log.c_str();
  for (const std::string &M : Messages) {
    if (M.find("{{") == std::string::npos) {
      At = std::strstr(At, M.c_str());
      if (!At)
        return false;
      At += M.size();
      continue;
    }
    regex_t Regex;
    regmatch_t Match;
    if (regcomp(&Regex, asRegex(M).c_str(), REG_EXTENDED | REG_NEWLINE) != 0)
      return false;
    int Missing = regexec(&Regex, At, 1, &Match, 0);
    regfree(&Regex);
    if (Missing)
      return false;
    At += Match.rm_eo;
  }
  return true;
}

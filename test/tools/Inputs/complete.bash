# complete.bash BPFCC SCRIPT: what completion offers for some command lines.
bpfcc=$1
. "$2"
compopt() { :; }
offer() {
  COMP_WORDS=("$bpfcc" "$@")
  COMP_CWORD=$#
  _bpfcc
  echo "${COMPREPLY[@]}"
}
offer gen sub
offer run --pc
offer -fno-strict-al
offer ch

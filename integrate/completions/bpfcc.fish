# fish completion for bpfcc: the program itself knows its commands and options.
function __bpfcc_complete
    set -l words (commandline -opc)
    $words[1] --complete $words[2..] (commandline -ct) 2>/dev/null
end
complete -c bpfcc -a '(__bpfcc_complete)'

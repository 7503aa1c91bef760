# Completion of stripe-return and fake-stripe in bash. What they take stands in their own help.

_stripe_return() {
  local word=$2 before=$3 command=() help line section='' words='' options=''
  if [[ $word == = ]]; then word=; fi # --stage=
  if [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi
  if ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[1]} != -* ]]; then command=("${COMP_WORDS[1]}"); fi
  COMPREPLY=() # where it stays empty, bash offers files
  help=$("$1" "${command[@]}" --help 2>/dev/null) || return

  while IFS= read -r line; do
    if [[ $line =~ ^([A-Z][a-z]+:)?$ ]]; then
      section=$line
    elif [[ $line =~ ^\ +(-h,)?(--[a-z-]+)(\ ([^ ]+))? ]]; then
      if [[ ${BASH_REMATCH[2]} == "$before" && ${BASH_REMATCH[4]} ]]; then
        if [[ ${BASH_REMATCH[4]} != *\|* ]]; then return; fi
        section=value words=${BASH_REMATCH[4]}
        break
      fi
      options+=" ${BASH_REMATCH[2]}"
    elif [[ $section == Commands: && $line =~ ^\ \ ([a-z-]+) ||
      $section == Positionals: && $line =~ ^\ \ [A-Z_]+\ ([a-z]+\|[^ ]+) ]]; then
      words+=" ${BASH_REMATCH[1]}"
    fi
  done <<<"$help"
  if [[ $section != value && ($word == -* || $help != *$'\n'@(Commands|Positionals):*) ]]; then words=$options; fi
  mapfile -t COMPREPLY < <(compgen -W "${words//|/ }" -- "$word")
}
complete -o default -F _stripe_return stripe-return fake-stripe

# The same by awk, for mawk and gawk: fields, and the last one ends in "%)".
BEGIN { OFS = ","; print "symbol,price,change,change_percent,direction,kind" }
/%\)$/ && ($4 == "By" || $4 == "Change") {
    at = $5 ~ /^[-0-9]/ ? 5 : 6
    gsub(/,/, "", $2)
    direction = $3 == "Increased" ? "up" : $3 == "Decreased" ? "down" : "unchanged"
    kind = at == 6 || index($2, ".") ? "stock" : "index"
    print $1, $2, $at, substr($(at + 1), 2, length($(at + 1)) - 3), direction, kind
}

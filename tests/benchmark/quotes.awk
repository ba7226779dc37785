# The same by awk, for mawk and gawk: seven fields or eight, of which the third tells the direction.
BEGIN {
    OFS = ","
    direction["Increased"] = "up"; direction["Decreased"] = "down"; direction["No"] = "unchanged"
    print "symbol,price,change,change_percent,direction,kind"
}
/%\)$/ && $3 in direction {
    if (index($2, ",")) gsub(/,/, "", $2)
    kind = NF == 8 || index($2, ".") ? "stock" : "index"
    print $1, $2, $(NF - 1), substr($NF, 2, length($NF) - 3), direction[$3], kind
}

package draft

import "strings"

// Line is a line of a difference.
type Line struct {
	Kind byte // ' ', '+' or '-'
	Text string
}

// mostLines bounds the work of a comparison.
const mostLines = 4000

// Lines compares two texts line by line by their longest common subsequence. Texts of more than mostLines lines are
// shown as removed and added whole.
func Lines(before, after string) []Line {
	a, b := split(before), split(after)
	if len(a) > mostLines || len(b) > mostLines {
		return append(marked('-', a), marked('+', b)...)
	}
	// common[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
	common := make([][]int32, len(a)+1)
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var lines []Line
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			lines = append(lines, Line{' ', a[i]})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			lines = append(lines, Line{'-', a[i]})
			i++
		default:
			lines = append(lines, Line{'+', b[j]})
			j++
		}
	}
	return append(append(lines, marked('-', a[i:])...), marked('+', b[j:])...)
}

func marked(kind byte, texts []string) []Line {
	lines := make([]Line, len(texts))
	for i, t := range texts {
		lines[i] = Line{kind, t}
	}
	return lines
}

func split(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

"""The atlas of historical place names 图典: what it holds, how it is drawn, put in order and typeset. Knows no HTTP."""

"""The rules. One file per noun, reads above writes; every public function takes a Work first."""

"""Reports of an audit, each made from its JSON document alone, so that the same numbers stand in all of them and a saved
audit can be written again."""

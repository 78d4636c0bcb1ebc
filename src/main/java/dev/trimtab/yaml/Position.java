package dev.trimtab.yaml;

/**
 * A place in a YAML source.
 *
 * @param line from 1, counted from the start of the whole source, not of the document
 * @param column from 1, in characters
 */
public record Position(int line, int column) {
    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}

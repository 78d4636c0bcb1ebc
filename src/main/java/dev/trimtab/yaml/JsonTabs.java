package dev.trimtab.yaml;

/** Makes tabs between the tokens of a JSON text spaces, one for one, so that all places stay what they are. */
final class JsonTabs {
    private JsonTabs() {}

    /** The same text if it is not JSON or has no such tab. */
    static String toSpaces(String text) {
        int start = new SourceText(text).skipToToken(0);
        if (text.indexOf('\t') < 0 || start == text.length() || "{[".indexOf(text.charAt(start)) < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder(text);
        boolean quoted = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == '\t' && !quoted) {
                result.setCharAt(i, ' ');
            }
        }
        return result.toString();
    }
}

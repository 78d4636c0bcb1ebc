/** YAML documents with their source text. An edit changes only the lines whose content changes. Pure. */
package dev.trimtab.yaml;

/** YAML documents together with their text: changes only the lines whose content changes. Pure. */
package dev.trimtab.yaml;

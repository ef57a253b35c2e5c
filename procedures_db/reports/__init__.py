"""Reports for officials: values first, then their forms (table, CSV, XLSX, SVG)."""

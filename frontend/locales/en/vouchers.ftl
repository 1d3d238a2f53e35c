# Finance: documents from draft to posting.

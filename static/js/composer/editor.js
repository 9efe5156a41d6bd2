import { Editor } from "@tiptap/core";
import Image from "@tiptap/extension-image";
import Placeholder from "@tiptap/extension-placeholder";
import StarterKit from "@tiptap/starter-kit";

// What a letter needs and no more; the server cleans it by the same list.
export function makeEditor(element, { placeholder, label, onChange, onFiles }) {
  const take = (list) => {
    const files = [...(list || [])];
    if (files.length) onFiles(files);
    return files.length > 0;
  };
  const editor = new Editor({
    element,
    injectCSS: false, // a style element of its own would break the page's policy
    extensions: [
      StarterKit.configure({
        heading: false,
        horizontalRule: false,
        dropcursor: false,
        link: { openOnClick: false, defaultProtocol: "https", protocols: ["http", "https", "mailto", "tel"] },
      }),
      Image.configure({ allowBase64: false }),
      Placeholder.configure({ placeholder }),
    ],
    editorProps: {
      attributes: () => ({ role: "textbox", "aria-multiline": "true", "aria-label": label(), spellcheck: "true" }),
      handlePaste: (view, event) => take(event.clipboardData?.files),
      handleDrop: (view, event) => {
        const took = take(event.dataTransfer?.files);
        if (took) event.preventDefault();
        return took;
      },
      // Ctrl+Enter sends; the editor must not make a line of it.
      handleKeyDown: (view, event) => (event.ctrlKey || event.metaKey) && event.key === "Enter",
    },
    onUpdate: ({ editor: changed }) => onChange(changed.getHTML(), changed.isEmpty),
  });
  editor.refresh = () => editor.view.dispatch(editor.state.tr.setMeta("addToHistory", false));
  return editor;
}

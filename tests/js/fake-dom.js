/** As much of a document as a message needs: a tree of elements, their attributes, and their text. */

class FakeElement {
  attributes = {}
  dataset = {}
  childNodes = []
  parent = null

  constructor(tagName) {
    this.tagName = tagName
  }

  get children() {
    return this.childNodes.filter(node => node instanceof FakeElement)
  }

  get firstChild() {
    return this.childNodes[0] ?? null
  }

  get firstElementChild() {
    return this.children[0] ?? null
  }

  get nextElementSibling() {
    const {children} = this.parent
    return children[children.indexOf(this) + 1] ?? null
  }

  get className() {
    return this.attributes.class ?? ""
  }

  set className(name) {
    this.attributes.class = name
  }

  get classList() {
    return {contains: name => this.className.split(" ").includes(name)}
  }

  get textContent() {
    return this.childNodes.map(node => node.textContent ?? node).join("")
  }

  set textContent(text) {
    this.childNodes = [text]
  }

  setAttribute(name, value) {
    this.attributes[name] = value
    if (name.startsWith("data-")) this.dataset[name.slice(5)] = String(value)
  }

  append(...nodes) {
    for (const node of nodes) this.insertBefore(node, null)
  }

  insertBefore(node, place) {
    node.remove?.()
    if (node instanceof FakeElement) node.parent = this
    this.childNodes.splice(place ? this.childNodes.indexOf(place) : this.childNodes.length, 0, node)
  }

  remove() {
    if (this.parent) this.parent.childNodes = this.parent.childNodes.filter(node => node !== this)
    this.parent = null
  }

  /** The elements of a class, in order. */
  all(name) {
    return this.children.flatMap(child => [...child.classList.contains(name) ? [child] : [], ...child.all(name)])
  }
}

export const fakeDocument = {
  createElement: tag => new FakeElement(tag),
  createElementNS: (_, tag) => new FakeElement(tag),
}
